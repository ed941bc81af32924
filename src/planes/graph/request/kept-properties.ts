/** Reads and shows what is kept of a directory object and decides nothing here. */
import type { KeptProperties, KeptType, KeptValues } from "../../../wire/graph/kept-properties.ts";
import { instantView } from "./instant-view.ts";
import type { JsonBody } from "./json-body.ts";

/** What was given; of an object with members, those that were not given stay as they were. @throws Fault Request_BadRequest */
export function keptOf(body: JsonBody, properties: KeptProperties, before: KeptValues = {}): KeptValues {
  const given = Object.entries(properties).map(
    ([name, type]) => [name, givenValue(body, name, type, before[name])] as const,
  );
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

function givenValue(body: JsonBody, name: string, type: KeptType, before: unknown): unknown {
  if (type === "flag") return body.boolean(name);
  if (body.isNull(name)) return null;
  if (type === "instant") {
    const time = body.instant(name);
    return time === undefined ? undefined : instantView(time);
  }
  if ("words" in type) return body.word(name, type.words);
  if ("members" in type) {
    const inner = body.object(name);
    const kept = (before ?? {}) as KeptValues;
    return inner && { ...kept, ...keptOf(inner, type.members, kept) };
  }
  if ("text" in type) return body.text(name, type.text);
  const texts = body.texts(name);
  if ((texts?.length ?? 0) > type.texts) throw body.wrong(name, `has at most ${type.texts} elements`);
  return texts;
}

/** Every property, with what stands for nothing where it was not given. */
export function keptView(properties: KeptProperties, values: KeptValues): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, type]) => [name, shown(type, values[name])]),
  );
}

function shown(type: KeptType, value: unknown): unknown {
  if (typeof type === "object" && "texts" in type) return value ?? [];
  if (typeof type === "object" && "members" in type)
    return keptView(type.members, (value ?? {}) as KeptValues);
  return value ?? null;
}
