/**
 * What a request or a reply of one api-version uses of that version: properties, words of enums, values that end on a date, and what a later
 * version will miss. Walks the value along the generated model table; keeps nothing and decides nothing about other versions. Linear in the
 * value's size.
 */
import { batchApiVersions } from "../../wire/batch/api-versions.gen.ts";
import { DATED_VALUES } from "../../wire/batch/dated-values.ts";
import type { BatchModelName } from "../../wire/batch/models.gen.ts";
import type { UseKind } from "../../wire/versions/versions-api.ts";
import { elementOf } from "../model/model-paths.ts";
import { enumValues, isModelName, modelProperties, type PropertySpec } from "../model/model-table.ts";

export interface VersionUse {
  readonly kind: UseKind;
  /** `Model.property`, `Enum.value`, or for `dated` the index into `DATED_VALUES`. */
  readonly name: string;
  /** Where in the body: `virtualMachineConfiguration.dataDisks[].lun`. */
  readonly path: string;
}

type Visit = (kind: "property" | "value" | "absent" | "dated", name: string, path: string) => void;

/** Of a body as it was sent. @param versionIndex of `batchApiVersions` */
export function usesOfRequest(model: BatchModelName, versionIndex: number, body: unknown): VersionUse[] {
  const uses: VersionUse[] = [];
  walk(model, versionIndex, body, "", (kind, name, path) => uses.push({ kind, name, path }));
  return uses;
}

/** Of a body as it is shown in the version; a list's elements are walked as what they are. */
export function usesOfReply(model: BatchModelName, versionIndex: number, reply: object): VersionUse[] {
  const uses: VersionUse[] = [];
  const visit: Visit = (kind, name, path) => {
    if (kind === "property") uses.push({ kind: "shown", name, path });
    if (kind === "value") uses.push({ kind: "shownValue", name, path });
  };
  const element = elementOf(model, versionIndex);
  const rows: unknown = element === model ? [reply] : (reply as { value?: unknown }).value;
  if (Array.isArray(rows)) for (const row of rows) walk(element, versionIndex, row, "", visit);
  return uses;
}

/** Of the paths of a `$select`, which has been checked. */
export function usesOfSelection(model: BatchModelName, versionIndex: number, text: string): VersionUse[] {
  return text.split(",").flatMap((path) => {
    const steps = path.trim().split("/");
    let owner: BatchModelName | undefined = elementOf(model, versionIndex);
    const uses: VersionUse[] = [];
    for (const [depth, step] of steps.entries()) {
      const spec: PropertySpec | undefined = owner && specsOf(owner, versionIndex).known.get(step);
      if (owner === undefined || spec === undefined) break;
      uses.push({ kind: "selected", name: `${owner}.${step}`, path: steps.slice(0, depth + 1).join(".") });
      owner = isModelName(spec.type) ? spec.type : undefined;
    }
    return uses;
  });
}

function walk(model: BatchModelName, version: number, value: unknown, path: string, visit: Visit): void {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return;
  const { known, requiredLater } = specsOf(model, version);
  for (const [name, member] of Object.entries(value)) {
    const spec = known.get(name);
    if (spec === undefined || member === null || member === undefined) continue;
    const at = path === "" ? name : `${path}.${name}`;
    visit("property", `${model}.${name}`, at);
    const dated = datedValue(name, member);
    if (dated !== undefined) visit("dated", String(dated), at);
    if (!spec.isArray) walkMember(spec, version, member, at, visit);
    else if (Array.isArray(member)) {
      for (const element of member) walkMember(spec, version, element, `${at}[]`, visit);
    }
  }
  for (const name of requiredLater) {
    const member = (value as Record<string, unknown>)[name];
    if (member === undefined || member === null)
      visit("absent", `${model}.${name}`, path === "" ? name : `${path}.${name}`);
  }
}

function walkMember(
  { type }: PropertySpec,
  version: number,
  member: unknown,
  path: string,
  visit: Visit,
): void {
  if (isModelName(type)) walk(type, version, member, path, visit);
  if (typeof member !== "string") return;
  const word = enumValues(type, version)?.find((known) => known.toLowerCase() === member.toLowerCase());
  if (word !== undefined) visit("value", `${type}.${word}`, path);
}

interface Specs {
  readonly known: ReadonlyMap<string, PropertySpec>;
  /** Not required in this version, and required in a later one. */
  readonly requiredLater: readonly string[];
}

const compiled = new Map<string, Specs>();

function specsOf(model: BatchModelName, version: number): Specs {
  const key = `${model} ${version}`;
  const there = compiled.get(key);
  if (there !== undefined) return there;
  const known = new Map(modelProperties(model, version).known.map((spec) => [spec.name, spec]));
  const later = new Set<string>();
  for (let index = version + 1; index < batchApiVersions.length; index++) {
    for (const { name, required, readOnly } of modelProperties(model, index).known) {
      if (required && !readOnly && known.get(name)?.required !== true) later.add(name);
    }
  }
  const specs = { known, requiredLater: [...later] };
  compiled.set(key, specs);
  return specs;
}

/** Index into `DATED_VALUES`; undefined for a value that no date is known of. */
export function datedValue(property: string, value: unknown): number | undefined {
  const index = DATED_VALUES.findIndex((dated) => dated.property === property && holds(dated.values, value));
  return index < 0 ? undefined : index;
}

function holds(values: readonly string[] | undefined, value: unknown): boolean {
  if (values === undefined)
    return typeof value === "number" ? value !== 0 : typeof value === "string" && value !== "";
  if (typeof value !== "string") return false;
  const word = value.toLowerCase();
  return values.some((pattern) => matches(pattern.split("*"), word));
}

/** A pattern's pieces around its stars, in order. */
function matches([first = "", ...rest]: readonly string[], word: string): boolean {
  if (rest.length === 0) return word === first;
  if (!word.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest.slice(0, -1)) {
    const found = word.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  const last = rest.at(-1) ?? "";
  return word.length >= at + last.length && word.endsWith(last);
}
