/** The shared keys of a Batch account: the one place where management opens and replaces them. */
import { randomBytes } from "node:crypto";
import { Fault } from "../../core/fault.ts";
import { storedAccountSpec } from "../../core/management/account-spec.ts";
import { type AccountRow, accountKeysSet } from "../../store/accounts.ts";
import { ACCOUNT_KEY_BYTES, accountKeyPurpose } from "../accounts/account-key.ts";
import type { ResourceGroup } from "../subscriptions/resource-group-read.ts";
import { accountRow } from "./account-read.ts";
import { refuseDeleting } from "./account-write.ts";
import type { Management } from "./management.ts";

export interface AccountKeys {
  readonly accountName: string;
  /** Base64, as clients sign with them. */
  readonly primary: string;
  readonly secondary: string;
}

/** @param name in any case @throws Fault SharedKeyNotAllowed; SealBroken when another installation sealed them */
export async function accountKeys(
  management: Management,
  group: ResourceGroup,
  name: string,
): Promise<AccountKeys | undefined> {
  const row = await accountRow(management.store.read, group, name);
  if (row === undefined) return undefined;
  refuseKeyless(row);
  return openKeys(management, row);
}

/** The key it replaces is refused from the moment this resolves. @param name in any case @throws Fault SharedKeyNotAllowed */
export async function accountKeyRegenerate(
  management: Management,
  group: ResourceGroup,
  name: string,
  which: "primary" | "secondary",
): Promise<AccountKeys | undefined> {
  const row = await management.store.write(async (c) => {
    const known = await accountRow(c, group, name);
    if (!known) return undefined;
    refuseDeleting(known);
    refuseKeyless(known);
    const sealed = management.sealing.seal(
      randomBytes(ACCOUNT_KEY_BYTES),
      accountKeyPurpose(known.name, which),
    );
    const changed = {
      ...known,
      ...(which === "primary" ? { sealed_primary_key: sealed } : { sealed_secondary_key: sealed }),
    };
    await accountKeysSet.run(c, changed);
    return changed;
  });
  if (!row) return undefined;
  await management.accounts.refresh(row.key);
  return openKeys(management, row);
}

/** "Batch Account - Get Keys": applies to accounts that take a shared key. The code is ours. */
function refuseKeyless({ name, spec }: AccountRow): void {
  if (storedAccountSpec(spec).allowedAuthenticationModes.includes("SharedKey")) return;
  throw new Fault(
    "SharedKeyNotAllowed",
    `The Batch account '${name}' has no keys: 'SharedKey' is none of its allowed authentication modes.`,
    { status: 409 },
  );
}

function openKeys({ sealing }: Management, row: AccountRow): AccountKeys {
  const unsealed = (sealed: string, which: "primary" | "secondary") =>
    sealing.unseal(sealed, accountKeyPurpose(row.name, which)).toString("base64");
  return {
    accountName: row.name,
    primary: unsealed(row.sealed_primary_key, "primary"),
    secondary: unsealed(row.sealed_secondary_key, "secondary"),
  };
}
