/** What a Batch account is to the work on its nodes: where it is reached, and how its auto-storage is. */
import type { AccountHandle } from "./account-handle.ts";
import type { HostedAccount } from "./hosted-accounts.ts";

/** What an account is to its tasks. */
export interface TaskAccount {
  readonly name: string;
  /** Under which they reach it. */
  readonly url: string;
  /** Name of its auto-storage account; undefined where it has none here. */
  readonly autoStorage: string | undefined;
  /** Whether requests with a task's own token are heard. */
  readonly takesTaskTokens: boolean;
  /** Undefined once it has gone. */
  readonly handle: AccountHandle | undefined;
  /** Nodes reach it as an identity of their own; undefined where they are given URLs signed with its key. */
  readonly autoStorageIdentity?: {
    /** Undefined where the account does not say which: then nodes come as nobody, and are refused. */
    readonly resourceId: string | undefined;
  };
}

/** @param port of the account's own listener */
export function taskAccount(
  account: HostedAccount | undefined,
  storage: { byId(resourceId: string): { readonly name: string } | undefined },
  port: number | undefined,
): TaskAccount {
  const { autoStorage } = account?.spec ?? {};
  const isByIdentity = autoStorage?.authenticationMode === "BatchAccountManagedIdentity";
  return {
    name: account?.handle.name ?? "",
    url: `https://localhost:${port ?? 0}`,
    takesTaskTokens: account?.spec.allowedAuthenticationModes.includes("TaskAuthenticationToken") ?? true,
    handle: account?.handle,
    autoStorage: storage.byId(autoStorage?.storageAccountId ?? "")?.name,
    ...(isByIdentity && {
      autoStorageIdentity: { resourceId: autoStorage.nodeIdentityReference?.resourceId },
    }),
  };
}
