/**
 * Where the pages of a list lie that is handed out page by page: how many rows each has, and where the service is asked for it. Rows that were
 * once seen keep their place while their page is forgotten.
 */

export interface PagePlaces {
  /** What each page is asked with; undefined for the first one. The last one may never have been asked for. */
  readonly starts: readonly (string | undefined)[];
  /** Rows of each page that was seen. */
  readonly lengths: readonly number[];
}

export const NO_PAGES: PagePlaces = { starts: [undefined], lengths: [] };

/** A page was seen. Pages behind it begin elsewhere where its end moved, and are asked for anew. */
export function withPage(places: PagePlaces, page: number, length: number, next?: string): PagePlaces {
  const { starts, lengths } = places;
  const isSameEnd = next === undefined ? starts.length === page + 1 : starts[page + 1] === next;
  if (isSameEnd && lengths[page] === length) return places;
  if (page >= lengths.length) return { starts: [...starts, ...own(next)], lengths: [...lengths, length] };
  const seen = lengths.with(page, length);
  if (isSameEnd) return { starts, lengths: seen };
  // The page behind it keeps its room until it has come, so that nothing moves under the reader.
  return {
    starts: [...starts.slice(0, page + 1), ...own(next)],
    lengths: seen.slice(0, next === undefined ? page + 1 : page + 2),
  };
}

const own = (next: string | undefined): string[] => (next === undefined ? [] : [next]);

/** Before each page so many rows lie; the last entry is how many there are in all. */
export function offsetsOf({ lengths }: PagePlaces): readonly number[] {
  const offsets = [0];
  for (const length of lengths) offsets.push((offsets.at(-1) ?? 0) + length);
  return offsets;
}

/** The page that a row lies in, of those seen. */
export function pageOf(offsets: readonly number[], row: number): number {
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((offsets[middle] ?? 0) <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Pages with rows between the two, and the one that is to come where they reach the end of what was seen. Empty ones have nothing to show. */
export function pagesBetween(
  places: PagePlaces,
  offsets: readonly number[],
  from: number,
  to: number,
): number[] {
  const { starts, lengths } = places;
  const found: number[] = [];
  // Where nothing was found, all pages lie at the same place.
  const isEmpty = (offsets.at(-1) ?? 0) === 0;
  for (let page = isEmpty ? 0 : pageOf(offsets, from); page < starts.length; page++) {
    if ((offsets[page] ?? 0) > to) break;
    if (lengths[page] !== 0 || starts.length === 1) found.push(page);
  }
  return found;
}
