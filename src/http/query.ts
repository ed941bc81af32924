/**
 * The query of a request: names and values decoded once, duplicates kept visible so that a plane can refuse them.
 */
import { type ParsedUrlQuery, parse } from "node:querystring";

export class Query {
  readonly #values: ParsedUrlQuery;

  /** @param rawQuery without the question mark. An escape that does not decode stands for itself. */
  constructor(rawQuery: string) {
    this.#values = parse(rawQuery);
  }

  /** The first value given. */
  get(name: string): string | undefined {
    const value = this.#values[name];
    return Array.isArray(value) ? value[0] : value;
  }

  /** In the order sent. */
  names(): string[] {
    return Object.keys(this.#values);
  }

  /** A name that was given more than once. */
  duplicated(): string | undefined {
    for (const name in this.#values) if (Array.isArray(this.#values[name])) return name;
    return undefined;
  }
}
