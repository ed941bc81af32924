/** The shared keys of a Batch account: the one place where management opens them. */
import { accountKeyPurpose } from "../seed/seed-apply.ts";
import { accountRow } from "./account-read.ts";
import type { Management } from "./management.ts";
import type { ResourceGroup } from "./resource-group-read.ts";

export interface AccountKeys {
  readonly accountName: string;
  /** Base64, as clients sign with them. */
  readonly primary: string;
  readonly secondary: string;
}

/** @param name in any case @throws SealBroken when another installation sealed them */
export async function accountKeys(
  management: Management,
  group: ResourceGroup,
  name: string,
): Promise<AccountKeys | undefined> {
  const row = await accountRow(management, group, name);
  if (row === undefined) return undefined;
  const unsealed = (sealed: string, which: "primary" | "secondary") =>
    management.sealing.unseal(sealed, accountKeyPurpose(row.name, which)).toString("base64");
  return {
    accountName: row.name,
    primary: unsealed(row.sealed_primary_key, "primary"),
    secondary: unsealed(row.sealed_secondary_key, "secondary"),
  };
}
