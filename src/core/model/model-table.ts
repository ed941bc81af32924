/** Reads the property strings of the generated model table (their grammar stands above it). Knows no values. */
import { type BatchModelName, batchEnums, batchModels } from "../../wire/batch/models.gen.ts";

export interface PropertySpec {
  readonly name: string;
  /** A model, an enum or a scalar: `string`, `int32`, `date-time`, `duration`, `map`, … */
  readonly type: string;
  readonly isArray: boolean;
  readonly required: boolean;
  /** Given by the service; never part of a request. */
  readonly readOnly: boolean;
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** Most elements of an array, or characters of a string. */
  readonly longest: number | undefined;
}

const models: Readonly<Record<string, Readonly<Record<string, string>>>> = batchModels;
const enums: Readonly<Record<string, string>> = batchEnums;

export const isModelName = (type: string): type is BatchModelName => Object.hasOwn(models, type);

/** The properties that an api-version knows, and the names of those it does not. */
export function modelProperties(
  model: BatchModelName,
  versionIndex: number,
): { readonly known: readonly PropertySpec[]; readonly unknown: readonly string[] } {
  const known: PropertySpec[] = [];
  const unknown: string[] = [];
  for (const [name, words] of Object.entries(models[model] ?? {})) {
    const spec = readWords(name, words.split(" "), versionIndex);
    if (spec) known.push(spec);
    else unknown.push(name);
  }
  return { known, unknown };
}

/** Undefined for a type that is no enum. */
export function enumValues(type: string, versionIndex: number): readonly string[] | undefined {
  if (!Object.hasOwn(enums, type)) return undefined;
  return enums[type]?.split(" ").flatMap((word) => {
    const [value = "", span] = word.split("@");
    return span === undefined || within(span, versionIndex) ? [value] : [];
  });
}

function readWords(name: string, words: readonly string[], versionIndex: number): PropertySpec | undefined {
  const [type = "", ...marks] = words;
  let required = false;
  let readOnly = false;
  let min: number | undefined;
  let max: number | undefined;
  let longest: number | undefined;
  for (const mark of marks) {
    if (mark === "ro") readOnly = true;
    else if (mark.startsWith("!")) required = mark === "!" || within(mark.slice(1), versionIndex);
    else if (mark.startsWith("<=")) longest = Number(mark.slice(2));
    else if (mark.startsWith("@")) {
      if (!within(mark.slice(1), versionIndex)) return undefined;
    } else [min, max] = ends(mark);
  }
  const isArray = type.endsWith("[]");
  return { name, type: isArray ? type.slice(0, -2) : type, isArray, required, readOnly, min, max, longest };
}

/** `..5,9..` went and came back. */
function within(spans: string, index: number): boolean {
  return spans.split(",").some((span) => {
    const [since = 0, until = Infinity] = ends(span);
    return index >= since && index <= until;
  });
}

/** `2..11`, `2..` or `..11`, both ends inclusive. */
function ends(span: string): [number | undefined, number | undefined] {
  const [low, high] = span.split("..");
  return [low ? Number(low) : undefined, high ? Number(high) : undefined];
}
