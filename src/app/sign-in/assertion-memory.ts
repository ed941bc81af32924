/**
 * Which `jti` came with which assertion. Official clients present one assertion again and again until it is about to end (MSAL for JavaScript and
 * for Python keep theirs for ten minutes), so the same claims are taken again; other claims for the same audience under a `jti` that has been seen
 * come from a forger or a broken client, and are refused. In memory: assertions live a day at the most.
 */
import { hash } from "node:crypto";

/** Of one application: more than one a second, for the whole of a day, forget the oldest. */
const KEPT_PER_APPLICATION = 10_000;
const APPLICATIONS_MAX = 10_000;

interface Seen {
  readonly digest: string;
  /** Epoch seconds. */
  readonly until: number;
}

export class AssertionMemory {
  readonly #seen = new Map<string, Map<string, Seen>>();

  /**
   * To be asked about an assertion whose signature is right, so that nobody fills the memory who has no key.
   * @param name `jti` and audience
   * @param until when it ends, in epoch seconds
   * @returns whether the name is new, or that of these claims
   */
  accept(appId: string, name: string, claims: string, until: number, now: number): boolean {
    const digest = hash("sha256", claims, "base64");
    const key = hash("sha256", name, "base64");
    const known = this.#seen.get(appId) ?? new Map<string, Seen>();
    const before = known.get(key);
    if (before !== undefined && before.until > now) return before.digest === digest;
    known.delete(key);
    makeRoom(known, KEPT_PER_APPLICATION);
    known.set(key, { digest, until });
    if (!this.#seen.has(appId)) makeRoom(this.#seen, APPLICATIONS_MAX);
    this.#seen.set(appId, known);
    return true;
  }
}

function makeRoom(map: Map<string, unknown>, max: number): void {
  const oldest = map.keys().next();
  if (map.size >= max && !oldest.done) map.delete(oldest.value);
}
