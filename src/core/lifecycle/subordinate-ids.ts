/**
 * The ids that an ordinary user has been given beside their own: subuid(5), subgid(5). Reads what the files say and words what
 * newuidmap(1) is asked for; maps nothing.
 */

export interface IdRange {
  readonly first: number;
  readonly length: number;
}

export interface IdHolder {
  readonly name: string;
  readonly id: number;
}

/** The longest range that is given to the user, by name or by number; undefined without any. */
export function subordinateRange(content: string, user: IdHolder): IdRange | undefined {
  let longest: IdRange | undefined;
  for (const line of content.split("\n")) {
    const [holder, first, length, ...more] = line.trim().split(":");
    if (more.length > 0 || (holder !== user.name && holder !== String(user.id))) continue;
    if (!isNumber(first) || !isNumber(length)) continue;
    const range = { first: Number(first), length: Number(length) };
    if (range.length > (longest?.length ?? 0)) longest = range;
  }
  return longest;
}

/** Triples of newuidmap(1): the user is 0, the range follows from 1 on. */
export function idMap(ownId: number, range: IdRange): string {
  return `0 ${ownId} 1 1 ${range.first} ${range.length}`;
}

/**
 * How many ids there are from 0 on without a gap, by a file of a process's maps: user_namespaces(7).
 * @param content of `/proc/<pid>/uid_map` or `gid_map`
 */
export function idsFromZero(content: string): number {
  let known = 0;
  for (const line of content.trim().split("\n")) {
    const [inner, , length] = line.trim().split(/\s+/).map(Number);
    if (inner !== known || length === undefined) break;
    known += length;
  }
  return known;
}

function isNumber(text: string | undefined): boolean {
  return text !== undefined && /^\d{1,10}$/.test(text);
}
