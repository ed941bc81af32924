/** The tags of a resource: names compared without case, values as they are. */
import {
  TAG_NAME_FORBIDDEN,
  TAG_NAME_MAX_CHARACTERS,
  TAG_VALUE_MAX_CHARACTERS,
  TAGS_MAX,
} from "../../wire/arm/limits.ts";
import { Fault } from "../fault.ts";
import { invalidContent, type JsonObject, optionalObject } from "./json-body.ts";

export type Tags = Readonly<Record<string, string>>;

/** Undefined when the body has none. @throws Fault InvalidRequestContent, InvalidTagName, TagValueTooLong, … naming the tag */
export function tagsOf(body: JsonObject): Tags | undefined {
  const given = optionalObject(body, "tags");
  if (given === undefined) return undefined;
  const count = Object.keys(given).length;
  if (count > TAGS_MAX)
    throw invalid("TooManyTags", `A resource may have ${TAGS_MAX} tags; the request has ${count}.`);
  const names = new Set<string>();
  const tags: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(given)) {
    checkName(name, names);
    if (value !== null && typeof value !== "string") throw invalidContent(`tags.${name}`, "must be a string");
    const text = value ?? "";
    if (text.length > TAG_VALUE_MAX_CHARACTERS) {
      throw invalid(
        "InvalidTagValue",
        `The value of the tag '${name}' may have ${TAG_VALUE_MAX_CHARACTERS} characters.`,
      );
    }
    tags[name] = text;
  }
  return { ...tags };
}

function checkName(name: string, seen: Set<string>): void {
  const key = name.toLowerCase();
  if (name === "" || name.length > TAG_NAME_MAX_CHARACTERS || TAG_NAME_FORBIDDEN.test(name)) {
    throw invalid(
      "InvalidTagNameCharacters",
      `The tag name '${name.slice(0, 64)}' is empty, longer than ${TAG_NAME_MAX_CHARACTERS} characters, or holds one of < > % & \\ ? /.`,
    );
  }
  if (seen.has(key)) throw invalid("DuplicateTagName", `The tag name '${name}' is given twice.`);
  seen.add(key);
}

const invalid = (code: string, message: string) => new Fault(code, message, { status: 400 });
