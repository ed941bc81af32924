/**
 * The Batch accounts of this installation, in memory: every request of the data plane begins by naming one. Management tells it what
 * it committed; whoever serves accounts (their ports) is told in turn.
 */
import { type AccountSpec, storedAccountSpec } from "../../core/management/account-spec.ts";
import { type AccountRow, accountByKey, accountPortSet, accountsAll } from "../../store/accounts.ts";
import type { Store } from "../../store/engine/store.ts";
import type { Sealing } from "../secrets/sealing.ts";
import { type AccountHandle, accountHandle } from "./account-handle.ts";
import { accountKeyPurpose } from "./account-key.ts";

export interface HostedAccount {
  readonly handle: AccountHandle;
  /** Primary and secondary, decoded. */
  readonly keys: readonly [Uint8Array, Uint8Array];
  readonly spec: AccountSpec;
  readonly isDeleting: boolean;
  /** The port of its own that it had last. */
  readonly port: number | null;
}

/** Serves accounts, each at an address of its own. */
export interface AccountHost {
  /** Resolves when the account can be reached. */
  open(account: HostedAccount): Promise<void>;
  /** The account is gone. */
  close(account: HostedAccount): Promise<void>;
}

export class HostedAccounts {
  readonly #store: Store;
  readonly #sealing: Sealing;
  readonly #byKey = new Map<number, HostedAccount>();
  readonly #byName = new Map<string, HostedAccount>();
  #host: AccountHost | undefined;
  /** Changes are taken over one after the other, so that the last commit is what stays. */
  #turn: Promise<void> = Promise.resolve();

  private constructor(store: Store, sealing: Sealing) {
    this.#store = store;
    this.#sealing = sealing;
  }

  /** @throws SealBroken when the keys were sealed by another installation */
  static async read(store: Store, sealing: Sealing): Promise<HostedAccounts> {
    const accounts = new HostedAccounts(store, sealing);
    for (const row of await accountsAll.all(store.read, {})) accounts.#put(row);
    return accounts;
  }

  /** In the order of their creation. */
  get all(): readonly HostedAccount[] {
    return [...this.#byKey.values()];
  }

  /** @throws Error when none is left */
  get first(): HostedAccount {
    const [first] = this.all;
    if (!first) throw new Error("the store holds no Batch account");
    return first;
  }

  byKey(key: number): HostedAccount | undefined {
    return this.#byKey.get(key);
  }

  /** Not one that is being deleted. @param name in any case */
  byName(name: string): HostedAccount | undefined {
    const account = this.#byName.get(name) ?? this.#byName.get(name.toLowerCase());
    return account?.isDeleting ? undefined : account;
  }

  /** Serves all there are, and from now on those that come. */
  async servedBy(host: AccountHost): Promise<void> {
    this.#host = host;
    for (const account of this.all) await host.open(account);
  }

  /** To be called after each commit that makes, changes or removes an account; resolves when it holds for the next request. */
  refresh(key: number): Promise<void> {
    const done = this.#turn.then(() => this.#refresh(key));
    this.#turn = done.catch(() => {});
    return done;
  }

  /** Remembers the account's port, so that its URL outlives a restart. */
  async keepPort(key: number, port: number): Promise<void> {
    const account = this.#byKey.get(key);
    if (account === undefined || account.port === port) return;
    await this.#store.write((c) => accountPortSet.run(c, { key, port }));
    // The account may have changed or gone during the commit.
    const current = this.#byKey.get(key);
    if (current !== undefined) this.#keep({ ...current, port });
  }

  async #refresh(key: number): Promise<void> {
    const row = await accountByKey.first(this.#store.read, { key });
    const known = this.#byKey.get(key);
    if (row) {
      const account = this.#put(row);
      if (!known) await this.#host?.open(account);
    } else if (known) {
      this.#byKey.delete(key);
      this.#byName.delete(known.handle.name);
      await this.#host?.close(known);
    }
  }

  #put(row: AccountRow): HostedAccount {
    const account = hosted(row, this.#sealing);
    this.#keep(account);
    return account;
  }

  #keep(account: HostedAccount): void {
    this.#byKey.set(account.handle.key, account);
    this.#byName.set(account.handle.name, account);
  }
}

function hosted(row: AccountRow, sealing: Sealing): HostedAccount {
  const key = (sealed: string, which: "primary" | "secondary") =>
    sealing.unseal(sealed, accountKeyPurpose(row.name, which));
  return {
    handle: accountHandle(row),
    keys: [key(row.sealed_primary_key, "primary"), key(row.sealed_secondary_key, "secondary")],
    spec: storedAccountSpec(row.spec),
    isDeleting: row.state === "deleting",
    port: row.port,
  };
}
