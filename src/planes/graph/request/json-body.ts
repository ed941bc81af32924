/**
 * The body of a request to Graph, read property by property. Strict, as Graph is: a property that nobody reads is one that cannot be
 * set, and is refused by its name once `end` is called. Annotations (`@odata.type`) are let pass.
 */
import { badDirectoryRequest } from "../../../app/directory/directory-fault.ts";
import { Fault } from "../../../core/fault.ts";
import { isGuid } from "../../../core/guid.ts";
import type { Exchange } from "../../../http/exchange.ts";

/** Ours: the largest registration is far below it. */
const MAX_BYTES = 1_048_576;
/** What a client sends back of what it was given. `@odata.bind` is none: it sets something. */
const ANNOTATION = /@odata\.(type|context|id|etag|count|editLink|nextLink)$/;
/** Ours: longer than anything of a directory but a certificate. */
const MAX_TEXT = 4_096;
/** "Validation differences by supported account types": an application manifest's lists, taken together. */
const MAX_ELEMENTS = 1_200;
/** @throws Fault RequestBodyTooLarge, BadRequest */
export async function readBody(exchange: Exchange, presence?: "optional"): Promise<JsonBody> {
  const bytes = await exchange.readBody(MAX_BYTES);
  if (presence === "optional" && bytes.length === 0) return new JsonBody({}, "");
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    const message = `Unable to read JSON request payload: ${(error as Error).message}`;
    throw new Fault("BadRequest", message, { status: 400 });
  }
  return new JsonBody(objectOf(value, "the body"), "");
}

export class JsonBody {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #at: string;
  readonly #read = new Set<string>();
  readonly #inner: JsonBody[] = [];

  /** @param at where it stands, for messages: empty, or `web` */
  constructor(values: Readonly<Record<string, unknown>>, at: string) {
    this.#values = values;
    this.#at = at;
  }

  /** Undefined when absent, null when given as null. */
  text(name: string, maxLength = MAX_TEXT): string | null | undefined {
    const value = this.#typed(name, "a string", (given) => typeof given === "string") as
      | string
      | null
      | undefined;
    if ((value?.length ?? 0) > maxLength) throw this.wrong(name, `has at most ${maxLength} characters`);
    return value;
  }

  /** Null counts as absent. */
  givenText(name: string): string | undefined {
    return this.text(name) ?? undefined;
  }

  requiredText(name: string): string {
    const value = this.text(name);
    if (value === undefined || value === null || value === "") throw this.wrong(name, "is required");
    return value;
  }

  /** In lower case. */
  requiredGuid(name: string): string {
    const value = this.requiredText(name);
    if (!isGuid(value)) throw this.wrong(name, "must be a GUID");
    return value.toLowerCase();
  }

  boolean(name: string): boolean | null | undefined {
    return this.#typed(name, "true or false", (value) => typeof value === "boolean") as
      | boolean
      | null
      | undefined;
  }

  integer(name: string): number | null | undefined {
    return this.#typed(name, "an integer", (value) => Number.isInteger(value)) as number | null | undefined;
  }

  /** Given as null. */
  isNull(name: string): boolean {
    return Object.hasOwn(this.#values, name) && this.#take(name) === null;
  }

  /** Milliseconds since the epoch. */
  instant(name: string): number | undefined {
    const text = this.givenText(name);
    if (text === undefined) return undefined;
    const time = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(time)) throw this.wrong(name, "must be a date and time such as 2030-01-31T00:00:00Z");
    return time;
  }

  /** One of the words, in this spelling. */
  word<const Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const value = this.givenText(name);
    const word = words.find((each) => each === value);
    if (value !== undefined && word === undefined)
      throw this.wrong(name, `must be one of ${words.join(", ")}`);
    return word;
  }

  texts(name: string): readonly string[] | undefined {
    return this.#typed(
      name,
      `a list of at most ${MAX_ELEMENTS} strings`,
      (value) =>
        Array.isArray(value) &&
        value.length <= MAX_ELEMENTS &&
        value.every((item) => typeof item === "string" && item.length <= MAX_TEXT),
    ) as readonly string[] | undefined;
  }

  object(name: string): JsonBody | undefined {
    const value = this.#take(name);
    if (value === undefined || value === null) return undefined;
    const inner = new JsonBody(objectOf(value, this.#path(name)), this.#path(name));
    this.#inner.push(inner);
    return inner;
  }

  objects(name: string): readonly JsonBody[] | undefined {
    const value = this.#take(name) ?? undefined;
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || value.length > MAX_ELEMENTS)
      throw this.wrong(name, `must be a list of at most ${MAX_ELEMENTS} objects`);
    const inner = value.map((item, index) => {
      const at = `${this.#path(name)}[${index}]`;
      return new JsonBody(objectOf(item, at), at);
    });
    this.#inner.push(...inner);
    return inner;
  }

  /** Lets a property pass: it says nothing that counts here. */
  ignored(...names: readonly string[]): void {
    for (const name of names) this.#read.add(name);
  }

  /** @throws Fault NotImplemented when a property that is not built has a value that would mean something */
  unbuilt(...names: readonly string[]): void {
    for (const name of names) {
      const value = this.#take(name) ?? undefined;
      const isEmpty = Array.isArray(value) ? value.length === 0 : value === undefined || value === false;
      if (!isEmpty)
        throw new Fault("NotImplemented", `The property '${this.#path(name)}' is not built yet.`, {
          status: 501,
        });
    }
  }

  /** @throws Fault Request_BadRequest naming a property that was given and cannot be set */
  end(): void {
    const unread = Object.keys(this.#values).find((name) => !this.#read.has(name) && !ANNOTATION.test(name));
    if (unread !== undefined) throw this.wrong(unread, "is no property that can be set here");
    for (const inner of this.#inner) inner.end();
  }

  /** @param what reads on from the property's name */
  wrong(name: string, what: string): Fault {
    const path = this.#path(name);
    return badDirectoryRequest(`Invalid value specified: property '${path}' ${what}.`, path);
  }

  #typed(name: string, what: string, isRight: (value: unknown) => boolean): unknown {
    const value = this.#take(name);
    if (value === undefined || value === null || isRight(value)) return value;
    throw this.wrong(name, `must be ${what}`);
  }

  #take(name: string): unknown {
    this.#read.add(name);
    return Object.hasOwn(this.#values, name) ? this.#values[name] : undefined;
  }

  #path(name: string): string {
    return this.#at === "" ? name : `${this.#at}.${name}`;
  }
}

function objectOf(value: unknown, at: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw badDirectoryRequest(`'${at}' must be a JSON object.`, at);
}
