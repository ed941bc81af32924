/** A list that the service hands out page by page. Nothing is asked for before somebody iterates. */

export interface Page<Item> {
  readonly value?: readonly Item[] | undefined;
  readonly "odata.nextLink"?: string | undefined;
}

/** @param nextLink undefined for the first page */
export type FetchPage<Item> = (nextLink: string | undefined) => Promise<Page<Item>>;

export class PagedList<Item> implements AsyncIterable<Item> {
  readonly #fetch: FetchPage<Item>;

  constructor(fetch: FetchPage<Item>) {
    this.#fetch = fetch;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    for await (const page of this.byPage()) yield* page;
  }

  /** Pages may be empty before the last one. */
  async *byPage(): AsyncGenerator<readonly Item[], void, undefined> {
    let nextLink: string | undefined;
    do {
      const page = await this.#fetch(nextLink);
      yield page.value ?? [];
      nextLink = page["odata.nextLink"];
    } while (nextLink);
  }

  async toArray(): Promise<Item[]> {
    const items: Item[] = [];
    for await (const page of this.byPage()) items.push(...page);
    return items;
  }
}
