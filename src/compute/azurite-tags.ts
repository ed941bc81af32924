/**
 * Blobs by their tags, in Azurite's process. By itself Azurite looks for them among the first blobs of a page's size only, and goes on behind a
 * name, whichever container it was in. Owns how pages are cut; who fits is Azurite's to say.
 */

export interface TaggedBlob {
  readonly name: string;
  readonly containerName: string;
}

export type FindTagged = (
  context: unknown,
  account: string | undefined,
  container: string | undefined,
  where: string,
  pageSize?: number,
  marker?: string,
) => Promise<[found: TaggedBlob[], next: string]>;

/** "Find Blobs by Tags", section "URI parameters". */
const PAGE_MAX = 5_000;

/** @param find Azurite's own, called with the store as `this` */
export function findTaggedWhole(find: FindTagged): FindTagged {
  return async function (
    this: unknown,
    context,
    account,
    container,
    where,
    pageSize = PAGE_MAX,
    marker = "",
  ) {
    // With room for all it looks at all, and gives them by name.
    const [found] = await find.call(this, context, account, container, where, Number.MAX_SAFE_INTEGER, "");
    return pageOf(found, pageSize, marker);
  };
}

/** @param marker of the page before, empty for the first; one that was never given out is before or after everything */
export function pageOf(
  found: readonly TaggedBlob[],
  pageSize: number,
  marker: string,
): [TaggedBlob[], string] {
  const keyed = found.map((blob) => [placeOf(blob), blob] as const).filter(([place]) => place > marker);
  keyed.sort(([a], [b]) => (a < b ? -1 : 1));
  const page = keyed.slice(0, pageSize);
  return [page.map(([, blob]) => blob), keyed.length > page.length ? (page.at(-1)?.[0] ?? "") : ""];
}

/** Of letters that XML and a query can carry. A container's name has no slash. */
const placeOf = ({ containerName, name }: TaggedBlob) =>
  `${containerName}/${encodeURIComponent(name.toWellFormed())}`;
