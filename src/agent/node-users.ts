/**
 * As whom the runs of one node go: its tasks' common user, its administrator, or one of its pool's named users. A node that cannot tell
 * these apart runs all as whom it can.
 */
import type { RunSpec, UserAccountSpec } from "../wire/agent/messages.ts";
import type { InitStart } from "./init-frames.ts";
import { NodeFault } from "./node-fault.ts";
import { NOBODY } from "./sandbox/sandbox-accounts.ts";
import { TASK_USER } from "./sandbox/sandbox-files.ts";
import { ADMIN_ID, type SandboxIds, TASK_ID } from "./sandbox/sandbox-ids.ts";

export interface RunUser {
  readonly name: string;
  readonly init: InitStart["user"];
  /** The machine's user id that its files belong to; undefined for the agent's own user. */
  readonly owner?: number;
  readonly group?: number;
}

export class NodeUsers {
  readonly #accounts: readonly UserAccountSpec[];
  readonly #ids: SandboxIds | undefined;
  readonly #processUser: string;

  /**
   * @param ids those of the node's sandbox; undefined for a node that has none
   * @param processUser name of the agent's own user
   */
  constructor(accounts: readonly UserAccountSpec[] = [], ids: SandboxIds | undefined, processUser: string) {
    this.#accounts = accounts;
    this.#ids = ids;
    this.#processUser = processUser;
  }

  /** The user id that files for all the node's tasks belong to; undefined for the agent's own user. */
  get owner(): number | undefined {
    return this.#onMachine(TASK_ID);
  }

  /**
   * @throws NodeFault `CommandLaunchFailed` for a named user that the pool has not got. No page says what Azure answers then: of the
   * documented codes it is the one that fits.
   */
  of({ username, elevated }: Pick<RunSpec, "username" | "elevated">): RunUser {
    const account = this.#accounts.find(({ name }) => name === username);
    if (username !== undefined && !account)
      throw new NodeFault("CommandLaunchFailed", `The pool has no user account named ${username}.`);
    if (!this.#ids) return { name: this.#processUser, init: "" };
    const placed = this.#ids.accounts.find(({ name }) => name === username);
    if (!placed) return this.#unnamed(account ? account.isAdmin : elevated);
    const { name, uid, gid, isAdmin, uidOffset, gidOffset } = placed;
    const [owner, group] = [this.#onMachine(uidOffset), this.#onMachine(gidOffset)];
    return {
      name,
      init: { uid, gid, isAdmin },
      ...(owner !== undefined && group !== undefined && { owner, group }),
    };
  }

  /**
   * Whose a process of the node is.
   * @param user as the agent's namespace numbers it
   * @returns undefined for nobody of the node's; elevated is root alone, as where named administrators have to ask for it
   */
  named(user: number): { readonly name: string; readonly isElevated: boolean } | undefined {
    const { first, accounts = [] } = this.#ids ?? {};
    const offset = first === undefined ? -1 : user - first;
    if (offset < 0 || offset > NOBODY) return undefined;
    const named = offset === ADMIN_ID ? "root" : offset === TASK_ID ? TASK_USER : undefined;
    const account = accounts.find(({ uidOffset }) => uidOffset === offset)?.name;
    return { name: account ?? named ?? `uid ${offset}`, isElevated: offset === ADMIN_ID };
  }

  #unnamed(isAdmin: boolean): RunUser {
    const { owner } = this;
    return {
      name: isAdmin ? "root" : TASK_USER,
      init: isAdmin ? "admin" : "nonadmin",
      ...(owner !== undefined && { owner }),
    };
  }

  #onMachine(offset: number): number | undefined {
    const first = this.#ids?.first;
    return first === undefined ? undefined : first + offset;
  }
}
