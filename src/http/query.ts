/**
 * The query of a request: names and values decoded once, duplicates kept visible so that a plane can refuse them.
 */
import { readFormEncoded } from "./form-encoded.ts";

export class Query {
  readonly #values = new Map<string, string>();
  #duplicated: string | undefined;

  /** @param rawQuery without the question mark. An escape that does not decode stands for itself. */
  constructor(rawQuery: string) {
    readFormEncoded(rawQuery, (name, value) => {
      if (this.#values.has(name)) this.#duplicated ??= name;
      else this.#values.set(name, value);
    });
  }

  /** The first value given. */
  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** In the order sent. */
  names(): string[] {
    return [...this.#values.keys()];
  }

  /** A name that was given more than once. */
  duplicated(): string | undefined {
    return this.#duplicated;
  }
}
