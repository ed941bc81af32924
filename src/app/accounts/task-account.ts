/** What a Batch account is to the work on its nodes: where it is reached, and how its auto-storage is. */
import type { TaskAccount } from "../app.ts";
import type { Storage } from "../storage/storage.ts";
import type { HostedAccount } from "./hosted-accounts.ts";

/** @param port of the account's own listener */
export function taskAccount(
  account: HostedAccount | undefined,
  storage: Pick<Storage, "byId">,
  port: number | undefined,
): TaskAccount {
  const { autoStorage } = account?.spec ?? {};
  const isByIdentity = autoStorage?.authenticationMode === "BatchAccountManagedIdentity";
  return {
    name: account?.handle.name ?? "",
    url: `https://localhost:${port ?? 0}`,
    handle: account?.handle,
    autoStorage: storage.byId(autoStorage?.storageAccountId ?? "")?.name,
    ...(isByIdentity && {
      autoStorageIdentity: { resourceId: autoStorage.nodeIdentityReference?.resourceId },
    }),
  };
}
