/**
 * The named users of a node: which ids they have inside, where these lie in the node's range, and how they are seen. Pure.
 * user_namespaces(7), passwd(5), group(5).
 */
import type { UserAccountSpec } from "../../wire/agent/messages.ts";

export interface SandboxAccount {
  readonly name: string;
  readonly isAdmin: boolean;
  /** Inside. */
  readonly uid: number;
  readonly gid: number;
  /** How far from the first id of the node's range they lie on this machine. */
  readonly uidOffset: number;
  readonly gidOffset: number;
}

/** After the node's own; whoever logs in comes after the accounts. */
export const FIRST_ACCOUNT_ID = 1002;

/** Programs that give up their rights become it; the last of a short range stands for it. */
export const NOBODY = 65_534;

/**
 * An id that is asked for and lies in the range is itself; one beyond it takes the next place that is free.
 * @param length of the node's range
 * @throws Error for a range that is too short for them
 */
export function sandboxAccounts(accounts: readonly UserAccountSpec[], length: number): SandboxAccount[] {
  const wanted = new Set(accounts.flatMap(({ uid, gid }) => [uid, gid]));
  const last = Math.min(length, NOBODY) - 2;
  let next = FIRST_ACCOUNT_ID;
  const free = (): number => {
    while (wanted.has(next)) next++;
    if (next > last) throw new Error(`The node's ${length} ids are too few for its user accounts.`);
    return next++;
  };
  const isInRange = (id: number) => id <= last;
  const users = accounts.map(({ name, isAdmin, uid, gid }) => {
    const isIn = uid !== undefined && isInRange(uid);
    const uidOffset = isIn ? uid : free();
    return { name, isAdmin, uid: uid ?? uidOffset, gid, uidOffset };
  });
  // After all users, so that each map has its moved ids side by side: the kernel takes a page of lines.
  const groups = new Map<number, number>();
  return users.map(({ gid: given, ...user }) => {
    const gid = given ?? user.uid;
    const gidOffset = isInRange(gid) ? gid : (groups.get(gid) ?? free());
    groups.set(gid, gidOffset);
    return { ...user, gid, gidOffset };
  });
}

/**
 * The lines of uid_map or gid_map.
 * @param first id of the node's range
 * @param offsets of those ids that lie elsewhere in it than their number says
 */
export function idMap(first: number, length: number, offsets: ReadonlyMap<number, number>): string {
  const moved = new Map([...offsets].filter(([id, offset]) => id !== offset));
  if (length <= NOBODY) moved.set(NOBODY, length - 1);
  const lines: string[] = [];
  let from = 0;
  for (const offset of [...[...moved.values()].sort((a, b) => a - b), length]) {
    if (offset > from) lines.push(`${from} ${first + from} ${offset - from}`);
    from = offset + 1;
  }
  for (const [id, offset] of moved) lines.push(`${id} ${first + offset} 1`);
  return lines.join("\n");
}

/** Lines of passwd(5). They have no home of their own: each task's is its working folder. */
export function accountPasswd(accounts: readonly SandboxAccount[]): string[] {
  return accounts.map(({ name, uid, gid }) => `${name}:x:${uid}:${gid}::/tmp:/bin/sh`);
}

/** Lines of group(5). */
export function accountGroups(accounts: readonly SandboxAccount[]): string[] {
  const known = new Set<number>();
  return accounts.flatMap(({ name, gid }) => {
    if (known.has(gid)) return [];
    known.add(gid);
    return [`${name}:x:${gid}:`];
  });
}
