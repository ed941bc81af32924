/** The two keys of a Batch account: their size, and the purpose under which each is sealed. */

/** As Azure's account keys have. */
export const ACCOUNT_KEY_BYTES = 64;

/** Binds a sealed key to its account and its half, so that it opens as no other. @param account the name in small letters */
export function accountKeyPurpose(account: string, which: "primary" | "secondary"): string {
  return `batch_account/${account}/${which}`;
}
