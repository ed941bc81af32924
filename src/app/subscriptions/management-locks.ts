/** The management locks of a subscription: few, so they stand together. */

import type { Scope } from "../../core/access/scope.ts";
import { Fault } from "../../core/fault.ts";
import { type LockedWork, locksAgainst, type ManagementLock } from "../../core/management/management-lock.ts";
import { settingGet, settingPut } from "../../store/accounts.ts";
import type { Connection } from "../../store/engine/connection.ts";
import type { Records } from "../records.ts";
import type { Subscription } from "./subscription-read.ts";

/** "Azure subscription and service limits": of one scope. */
const LOCKS_PER_SCOPE_MAX = 20;
/** Ours: of a subscription. */
const LOCKS_MAX = 1_000;

type Stored = Pick<Records, "store">;

const settingOf = ({ subscriptionId }: Subscription): string => `locks/${subscriptionId}`;

export function lockList({ store }: Stored, subscription: Subscription): Promise<readonly ManagementLock[]> {
  return read(store.read, subscription);
}

/** @returns whether it is new. @throws Fault LockLimitExceeded */
export function lockPut(
  { store }: Stored,
  subscription: Subscription,
  lock: ManagementLock,
): Promise<boolean> {
  return store.write(async (c) => {
    const others = (await read(c, subscription)).filter((known) => !isSame(known, lock));
    const all = await read(c, subscription);
    const atScope = others.filter(({ scope }) => scope === lock.scope).length;
    if (atScope >= LOCKS_PER_SCOPE_MAX || others.length >= LOCKS_MAX)
      throw new Fault(
        "LockLimitExceeded",
        `A scope has at most ${LOCKS_PER_SCOPE_MAX} locks, and a subscription ${LOCKS_MAX}.`,
        { status: 409 },
      );
    await put(c, subscription, [...others, lock]);
    return all.length === others.length;
  });
}

/** False when there is none. */
export function lockRemove(
  { store }: Stored,
  subscription: Subscription,
  lock: Pick<ManagementLock, "scope" | "name">,
): Promise<boolean> {
  return store.write(async (c) => {
    const all = await read(c, subscription);
    const left = all.filter((known) => !isSame(known, lock));
    if (left.length < all.length) await put(c, subscription, left);
    return left.length < all.length;
  });
}

/** @throws Fault ScopeLocked naming the scopes that are locked */
export async function requireUnlocked(
  { store }: Stored,
  subscription: Subscription,
  scope: Scope,
  work: LockedWork,
): Promise<void> {
  const against = locksAgainst(await read(store.read, subscription), scope, work);
  if (against.length === 0) return;
  const scopes = [...new Set(against.map(({ at }) => at))].map((at) => `'${at}'`).join(",");
  throw new Fault(
    "ScopeLocked",
    `The scope '${scope}' cannot perform ${work} operation because following scope(s) are locked: ${scopes}. Please remove the lock and try again.`,
    { status: 409 },
  );
}

const isSame = (
  a: Pick<ManagementLock, "scope" | "name">,
  b: Pick<ManagementLock, "scope" | "name">,
): boolean => a.scope === b.scope && a.name.toLowerCase() === b.name.toLowerCase();

async function read(c: Connection, subscription: Subscription): Promise<readonly ManagementLock[]> {
  const row = await settingGet.first(c, { name: settingOf(subscription) });
  return row ? (JSON.parse(row.value) as readonly ManagementLock[]) : [];
}

async function put(
  c: Connection,
  subscription: Subscription,
  locks: readonly ManagementLock[],
): Promise<void> {
  await settingPut.run(c, { name: settingOf(subscription), value: JSON.stringify(locks) });
}
