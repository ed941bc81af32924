/** The name under which Azure's clients reach a Batch account. Source: Azure Batch REST, "Base URL". */
export function accountHost({
  name,
  location,
}: {
  readonly name: string;
  readonly location: string;
}): string {
  return `${name}.${location}.batch.azure.com`;
}
