/**
 * Reads the parsed body of a management request, property by property. Properties that nobody reads are let pass: clients send back
 * what they were given, read-only properties included. Null means "not given".
 */
import { Fault } from "../fault.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** @throws Fault InvalidRequestContent naming the property */
export function optionalObject(parent: JsonObject, name: string, at = name): JsonObject | undefined {
  const value = parent[name] ?? undefined;
  return value === undefined ? undefined : asObject(value, at);
}

/** @throws Fault InvalidRequestContent naming the property */
export function optionalText(parent: JsonObject, name: string, at = name): string | undefined {
  const value = parent[name] ?? undefined;
  if (value === undefined || typeof value === "string") return value;
  throw invalidContent(at, "must be a string");
}

/** Compared without case, given in the documented spelling. @throws Fault InvalidRequestContent naming the property */
export function optionalWord<const Word extends string>(
  parent: JsonObject,
  name: string,
  words: readonly Word[],
  at = name,
): Word | undefined {
  // Infrastructure tools write an empty text where nothing was chosen.
  const text = optionalText(parent, name, at);
  return text === undefined || text === "" ? undefined : wordOf(text, words, at);
}

/** @throws Fault InvalidRequestContent naming the property */
export function optionalList(parent: JsonObject, name: string, at = name): readonly unknown[] | undefined {
  const value = parent[name] ?? undefined;
  if (value === undefined || Array.isArray(value)) return value;
  throw invalidContent(at, "must be an array");
}

/** @throws Fault InvalidRequestContent naming the property */
export function requiredText(parent: JsonObject, name: string, at = name): string {
  const text = optionalText(parent, name, at);
  if (text === undefined || text === "") throw invalidContent(at, "is required");
  return text;
}

export function asObject(value: unknown, at: string): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw invalidContent(at, "must be an object");
}

export function wordOf<const Word extends string>(value: unknown, words: readonly Word[], at: string): Word {
  const text = typeof value === "string" ? value.toLowerCase() : undefined;
  const word = words.find((known) => known.toLowerCase() === text);
  if (word !== undefined) return word;
  throw invalidContent(at, `must be one of ${words.join(", ")}`);
}

/** @param what reads on from the property's name */
export function invalidContent(at: string, what: string): Fault {
  return new Fault("InvalidRequestContent", `The request content was invalid: '${at}' ${what}.`, {
    status: 400,
  });
}
