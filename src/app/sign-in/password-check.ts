/**
 * Checks users' passwords. A hash takes 16 MiB and a tenth of a second of a core, which strangers could ask for at will: who is next
 * is decided by `fair-turns`. Ten wrong ones in a row lock the account for a minute for where they came from. A name that nobody has costs as
 * much as one that somebody has.
 */
import type { Connection } from "../../store/engine/connection.ts";
import { type UserRow, userByPrincipalName, userLockOutSet } from "../../store/users.ts";
import type { Directory, Tenant } from "../directory/directory.ts";
import { badDirectoryRequest } from "../directory/directory-fault.ts";
import { checkPassword, user, userPasswordSet } from "../directory/user.ts";
import { hashPassword, verifyPassword } from "../secrets/password-hash.ts";
import { randomSecret } from "../secrets/random-secret.ts";
import { aadsts } from "./aadsts.ts";
import { FairTurns } from "./fair-turns.ts";
import { FamiliarSources, type WrongPasswords } from "./familiar-sources.ts";
import type { SignedInUser } from "./signed-in-user.ts";

/** "Protect user accounts from attacks with smart lockout". */
export const MAX_WRONG_PASSWORDS = 10;
export const LOCK_OUT_MS = 60_000;
const MAX_PASSWORD = 256;

export interface PasswordSignIn {
  /** As typed. */
  readonly name: string;
  readonly password: string;
  /** Where the user must be from; undefined lets the name tell. */
  readonly tenant: Tenant | undefined;
  /** The application's name, for the refusal. */
  readonly application: string;
  /** Where the request came from. */
  readonly source: string;
}

export class PasswordCheck {
  readonly #directory: Directory;
  readonly #clock: () => number;
  readonly #turns = new FairTurns(() => aadsts(90055));
  readonly #familiar = new FamiliarSources();
  /** Of no password, to be tried where there is no user. */
  readonly #nobodysPassword = once(() => hashPassword(randomSecret(MAX_PASSWORD / 8)));

  constructor(directory: Directory, clock: () => number) {
    this.#directory = directory;
    this.#clock = clock;
  }

  /** @throws Fault 50034, 50020, 50126, 50053, 50057, 50055, 90055 */
  async signIn(attempt: PasswordSignIn): Promise<SignedInUser> {
    const signedIn = await this.#signIn(attempt);
    if (signedIn.user.profile.forceChangePasswordNextSignIn) throw aadsts(50055);
    return signedIn;
  }

  /**
   * Signs in with the present password, whether it may be used for anything else or not, and puts a new one in its place.
   * @throws Fault those of `signIn`, and Request_BadRequest for a new one that is none
   */
  async change(attempt: PasswordSignIn, password: string): Promise<SignedInUser> {
    checkPassword(password);
    const { user } = await this.#signIn(attempt);
    if (password === attempt.password)
      throw badDirectoryRequest("The new password must be another one than the present one.");
    const now = this.#clock();
    await userPasswordSet(this.#directory, user.tenantId, user.objectId, password, now, false);
    return { user, authAt: now };
  }

  async #signIn({ name, password, tenant, application, source }: PasswordSignIn): Promise<SignedInUser> {
    const account = name.trim().toLowerCase();
    const row = await this.#find(this.#directory.read, account);
    const isQuiet = row !== undefined && this.#wrongPasswords(row, source).failed === 0;
    return this.#turns.take({ source, account, isQuiet }, async () => {
      // Read anew: the tries before this one count.
      const known = await this.#find(this.#directory.read, account);
      const isForeign = known !== undefined && tenant !== undefined && known.tenant_id !== tenant.id;
      if (known !== undefined && !isForeign) return this.#check(known, password, source);
      await verifyPassword(password.slice(0, MAX_PASSWORD), await this.#nobodysPassword());
      if (tenant !== undefined && isForeign)
        throw aadsts(50020, { user: name, tenant: tenant.displayName, client: application });
      throw aadsts(50034, { user: name, tenant: tenant?.displayName ?? "of any tenant" });
    });
  }

  async #check(row: UserRow, password: string, source: string): Promise<SignedInUser> {
    const { failed, lockedUntil } = this.#wrongPasswords(row, source);
    if (lockedUntil > this.#clock()) throw aadsts(50053);
    const isRight =
      (await verifyPassword(password.slice(0, MAX_PASSWORD), row.password)) &&
      password.length <= MAX_PASSWORD;
    const now = this.#clock();
    if (!isRight) {
      const isLocked = failed + 1 >= MAX_WRONG_PASSWORDS;
      const wrong = isLocked
        ? { failed: 0, lockedUntil: now + LOCK_OUT_MS }
        : { failed: failed + 1, lockedUntil: 0 };
      await this.#setWrongPasswords(row, source, wrong);
      throw aadsts(isLocked ? 50053 : 50126);
    }
    await this.#setWrongPasswords(row, source, { failed: 0, lockedUntil: 0 });
    this.#familiar.set(row.object_id, source, { failed: 0, lockedUntil: 0 }, now);
    // Only now: a stranger does not learn whether an account is disabled.
    if (row.enabled === 0) throw aadsts(50057);
    return { user: user(row), authAt: now };
  }

  #wrongPasswords(row: UserRow, source: string): WrongPasswords {
    const familiar = this.#familiar.find(row.object_id, source, row.sessions_valid_from);
    return familiar ?? { failed: row.failed_sign_ins, lockedUntil: row.locked_until };
  }

  async #setWrongPasswords(row: UserRow, source: string, wrong: WrongPasswords): Promise<void> {
    const { object_id, sessions_valid_from, failed_sign_ins, locked_until } = row;
    if (this.#familiar.find(object_id, source, sessions_valid_from))
      return this.#familiar.set(object_id, source, wrong, this.#clock());
    if (failed_sign_ins === wrong.failed && locked_until === wrong.lockedUntil) return;
    const counted = { object_id, failed_sign_ins: wrong.failed, locked_until: wrong.lockedUntil };
    await this.#directory.record((c) => userLockOutSet.run(c, counted));
  }

  #find(c: Connection, principalName: string): Promise<UserRow | undefined> {
    return userByPrincipalName.first(c, { user_principal_name: principalName });
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
