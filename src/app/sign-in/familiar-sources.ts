/**
 * Wrong passwords are counted apart for the places from which a user has signed in and for all others, so that a stranger's guesses do not lock
 * the user out ("Protect user accounts from attacks with Microsoft Entra smart lockout"). In memory: after a restart a place is familiar with the
 * next right password.
 */

const USERS_MAX = 10_000;
const SOURCES_MAX = 16;

export interface WrongPasswords {
  readonly failed: number;
  /** Epoch milliseconds. */
  readonly lockedUntil: number;
}

interface Known extends WrongPasswords {
  readonly since: number;
}

export class FamiliarSources {
  readonly #byUser = new Map<string, Map<string, Known>>();

  /** @param validFrom what is older than the user's last password is forgotten @returns undefined where the source is a stranger's */
  find(userId: string, source: string, validFrom: number): WrongPasswords | undefined {
    const known = this.#byUser.get(userId)?.get(source);
    return known === undefined || known.since < validFrom ? undefined : known;
  }

  set(userId: string, source: string, wrong: WrongPasswords, now: number): void {
    const sources = this.#byUser.get(userId) ?? new Map<string, Known>();
    const since = sources.get(source)?.since ?? now;
    sources.delete(source);
    makeRoom(sources, SOURCES_MAX);
    sources.set(source, { ...wrong, since: wrong.failed === 0 && wrong.lockedUntil === 0 ? now : since });
    if (!this.#byUser.has(userId)) makeRoom(this.#byUser, USERS_MAX);
    this.#byUser.set(userId, sources);
  }
}

function makeRoom(map: Map<string, unknown>, max: number): void {
  const oldest = map.keys().next();
  if (map.size >= max && !oldest.done) map.delete(oldest.value);
}
