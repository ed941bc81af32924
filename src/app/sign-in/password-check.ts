/**
 * Checks users' passwords. One at a time: a hash takes 16 MiB and a tenth of a second of a core, which strangers could ask for
 * at will. Ten wrong ones in a row lock the account for a minute, whoever guessed.
 */
import type { Connection } from "../../store/engine/connection.ts";
import { type UserRow, userByPrincipalName, userLockOutSet } from "../../store/users.ts";
import type { Directory, Tenant } from "../directory/directory.ts";
import { user } from "../directory/user.ts";
import { verifyPassword } from "../secrets/password-hash.ts";
import { aadsts } from "./aadsts.ts";
import type { SignedInUser } from "./signed-in-user.ts";

/** "Protect user accounts from attacks with smart lockout". */
export const MAX_WRONG_PASSWORDS = 10;
export const LOCK_OUT_MS = 60_000;
/** Waiting checks, in all and for one user; more are told to come back. Ours: some seconds of waiting. */
const MAX_WAITING = 64;
const MAX_WAITING_PER_USER = 12;
const MAX_PASSWORD = 256;

export class PasswordCheck {
  readonly #directory: Directory;
  readonly #clock: () => number;
  readonly #waiting = new Map<string, number>();
  #waitingInAll = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(directory: Directory, clock: () => number) {
    this.#directory = directory;
    this.#clock = clock;
  }

  /**
   * @param tenant where the user must be from; undefined lets the name tell
   * @throws Fault 50034, 50020, 50126, 50053, 50057, 90055
   */
  async signIn(
    name: string,
    password: string,
    tenant: Tenant | undefined,
    clientId: string,
  ): Promise<SignedInUser> {
    const principalName = name.trim().toLowerCase();
    const row = await this.#find(this.#directory.read, principalName);
    if (row === undefined)
      throw aadsts(50034, { user: name, tenant: tenant?.displayName ?? "of any tenant" });
    if (tenant !== undefined && row.tenant_id !== tenant.id)
      throw aadsts(50020, { user: name, tenant: tenant.displayName, client: clientId });
    return this.#inTurn(principalName, () => this.#check(principalName, password));
  }

  async #check(principalName: string, password: string): Promise<SignedInUser> {
    // Read anew: the tries before this one count.
    const row = await this.#find(this.#directory.read, principalName);
    if (row === undefined) throw aadsts(50126);
    if (row.locked_until > this.#clock()) throw aadsts(50053);
    const isRight = password.length <= MAX_PASSWORD && (await verifyPassword(password, row.password));
    const now = this.#clock();
    if (!isRight) {
      const wrong = row.failed_sign_ins + 1;
      const isLocked = wrong >= MAX_WRONG_PASSWORDS;
      await this.#setLockOut(row, isLocked ? 0 : wrong, isLocked ? now + LOCK_OUT_MS : 0);
      throw aadsts(isLocked ? 50053 : 50126);
    }
    if (row.failed_sign_ins > 0) await this.#setLockOut(row, 0, 0);
    // Only now: a stranger does not learn whether an account is disabled.
    if (row.enabled === 0) throw aadsts(50057);
    return { user: user(row), authAt: now };
  }

  async #inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const waiting = this.#waiting.get(key) ?? 0;
    if (waiting >= MAX_WAITING_PER_USER || this.#waitingInAll >= MAX_WAITING) throw aadsts(90055);
    this.#waiting.set(key, waiting + 1);
    this.#waitingInAll++;
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.#waitingInAll--;
      const left = (this.#waiting.get(key) ?? 1) - 1;
      if (left === 0) this.#waiting.delete(key);
      else this.#waiting.set(key, left);
    }
  }

  #find(c: Connection, principalName: string): Promise<UserRow | undefined> {
    return userByPrincipalName.first(c, { user_principal_name: principalName });
  }

  async #setLockOut({ object_id }: UserRow, failed: number, until: number): Promise<void> {
    const row = { object_id, failed_sign_ins: failed, locked_until: until };
    await this.#directory.record((c) => userLockOutSet.run(c, row));
  }
}
