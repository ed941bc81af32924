/** A list of Graph whose rows are read as they are needed, in the order of their ids: a page costs what it shows, however many there are. */
import type { GraphEntity } from "./entity-set.ts";

export interface Collection<Item extends GraphEntity> {
  /** @param id of the last one that was seen; empty: from the first on */
  after(id: string, limit: number): Promise<readonly Item[]>;
  count(): Promise<number>;
}

/** A step of what looks at all: some milliseconds. */
const STEP = 500;

/** @param of turns a row into what Graph shows */
export function collection<Row, Item extends GraphEntity>(
  page: (after: string, limit: number) => Promise<readonly Row[]>,
  count: () => Promise<number>,
  of: (row: Row) => Item | Promise<Item>,
): Collection<Item> {
  return {
    count,
    after: async (id, limit) => {
      const rows = await page(id, limit);
      const items: Item[] = [];
      for (const row of rows) items.push(await of(row));
      return items;
    },
  };
}

export const isCollection = <Item extends GraphEntity>(
  items: readonly Item[] | Collection<Item>,
): items is Collection<Item> => !Array.isArray(items);

/** All that match, from one on, as long as somebody takes them; between two steps others have their turn. */
export async function* matching<Item extends GraphEntity>(
  items: Collection<Item>,
  after: string,
  matches: (item: Item) => boolean,
  step = STEP,
): AsyncGenerator<Item> {
  for (let last = after; ; ) {
    const found = await items.after(last, step);
    for (const item of found) if (matches(item)) yield item;
    const end = found.at(-1);
    if (end === undefined || found.length < step) return;
    last = end.id;
    await new Promise(setImmediate);
  }
}

export async function allOf<Item extends GraphEntity>(
  items: readonly Item[] | Collection<Item>,
): Promise<readonly Item[]> {
  if (!isCollection(items)) return items;
  const all: Item[] = [];
  for await (const item of matching(items, "", () => true)) all.push(item);
  return all;
}
