/** A Batch account's address in the cloud's own form, which only the proxy (or a hosts file) leads here. */
export interface CloudAccount {
  readonly account: string;
  readonly location: string;
}

export function cloudAccountName({ account, location }: CloudAccount): string {
  return `${account}.${location}.batch.azure.com`;
}

export function cloudAccountUrl(account: CloudAccount): string {
  return `https://${cloudAccountName(account)}`;
}
