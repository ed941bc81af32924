/** Reads JSON that a person wrote: each reader takes a value and where it stands, and refuses anything else in one line that says where. */

/** Its message is one line for the user. */
export class SeedError extends Error {}

export type Json = Record<string, unknown>;

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SeedError(`the seed file is not JSON: ${(error as Error).message}`);
  }
}

export function object(value: unknown, at: string, names: readonly string[]): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new SeedError(`${at} must be an object`);
  for (const name of Object.keys(value)) {
    if (!names.includes(name)) throw new SeedError(`${at} has no '${name}'; it takes ${names.join(", ")}`);
  }
  return value as Json;
}

export function list(owner: Json, name: string, at: string): readonly unknown[] {
  const value = owner[name] ?? [];
  if (!Array.isArray(value)) throw new SeedError(`${at}.${name} must be a list`);
  return value;
}

export function string(owner: Json, name: string, at: string): string {
  return textAt(owner[name], `${at}.${name}`);
}

export function optional(owner: Json, name: string, at: string): string | undefined {
  return owner[name] === undefined ? undefined : string(owner, name, at);
}

export function textAt(value: unknown, at: string): string {
  if (typeof value !== "string" || value === "")
    throw new SeedError(`${at} must be a text that is not empty`);
  return value;
}
