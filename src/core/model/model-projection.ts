/**
 * Shows a response as an api-version knows it: properties that came later or went earlier are left out or stand under their older name,
 * what the service fills in is filled in, words and 64-bit numbers are written as it writes them. Where nothing of the model differs the
 * value itself is returned, and nothing is copied that stays as it is.
 */
import { batchApiVersions } from "../../wire/batch/api-versions.gen.ts";
import { HIDDEN_PROPERTIES } from "../../wire/batch/hidden-properties.ts";
import type { BatchModelName } from "../../wire/batch/models.gen.ts";
import { OLDER_PROPERTIES, type OlderProperty } from "../../wire/batch/older-properties.ts";
import { SHOWN_DEFAULTS, type ShownDefault } from "../../wire/batch/shown-defaults.ts";
import { SHOWN_WORDS } from "../../wire/batch/shown-words.ts";
import { isModelName, modelProperties, type PropertySpec } from "./model-table.ts";

type Projection = (value: object) => object;
type Shown = Record<string, unknown>;
/** A member as it is shown; undefined leaves it out. */
type Step = readonly [name: string, show: (shown: Shown) => unknown];

/** @param versionIndex of `batchApiVersions` */
export function projectModel<T extends object>(model: BatchModelName, versionIndex: number, value: T): T {
  const projection = projectionOf(model, versionIndex);
  return projection === null ? value : (projection(value) as T);
}

/** Null: the version shows the whole model as it is. */
const projections = new Map<string, Projection | null>();

function projectionOf(model: BatchModelName, versionIndex: number): Projection | null {
  const key = `${model} ${versionIndex}`;
  const known = projections.get(key);
  if (known !== undefined) return known;
  const projection = compile(model, versionIndex);
  projections.set(key, projection);
  return projection;
}

function compile(model: BatchModelName, versionIndex: number): Projection | null {
  const { known, unknown } = modelProperties(model, versionIndex);
  const names = new Set(known.map(({ name }) => name));
  const steps: Step[] = [
    ...(OLDER_PROPERTIES[model] ?? [])
      .filter(({ now, once }) => names.has(once) && !names.has(now))
      .map(olderStep),
    ...[...unknown, ...(HIDDEN_PROPERTIES[model] ?? [])].map((name): Step => [name, () => undefined]),
    ...Object.entries(SHOWN_DEFAULTS[model] ?? {})
      .filter(([name]) => names.has(name))
      .map(defaultStep),
    ...known.flatMap((spec) => memberStep(spec, versionIndex)),
  ];
  if (steps.length === 0) return null;

  return (value) => {
    let shown = value as Shown;
    for (const [name, show] of steps) {
      const member = show(shown);
      if (member === shown[name]) continue;
      if (shown === value) shown = { ...shown };
      if (member === undefined) delete shown[name];
      else shown[name] = member;
    }
    return shown;
  };
}

function olderStep({ now, once, isFirst, hides }: OlderProperty): Step {
  return [
    once,
    (shown) => {
      const member = isFirst ? (shown[now] as readonly unknown[] | undefined)?.[0] : shown[now];
      if (hides !== undefined && (member as { code?: string } | undefined)?.code === hides) return undefined;
      return member ?? shown[once];
    },
  ];
}

function defaultStep([name, { value, beside }]: [string, ShownDefault]): Step {
  return [
    name,
    (shown) =>
      shown[name] === undefined && (beside === undefined || shown[beside] !== undefined)
        ? value
        : shown[name],
  ];
}

/** For a member whose own value is shown otherwise: by its model, its enum's spelling, or as text. */
function memberStep({ name, type, isArray }: PropertySpec, versionIndex: number): readonly Step[] {
  const show = isModelName(type) ? projectionOf(type, versionIndex) : valueProjection(type, versionIndex);
  if (show === null) return [];
  const shownMember = (member: unknown) => {
    if (member === undefined || member === null) return member;
    if (isArray) return Array.isArray(member) ? projectAll(member, show) : member;
    return show(member as object);
  };
  return [[name, (shown) => shownMember(shown[name])]];
}

function valueProjection(type: string, versionIndex: number): ((value: unknown) => unknown) | null {
  // OData writes 64 bits as text: a script's numbers do not hold them.
  if (type === "int64") return String;
  const version = batchApiVersions[versionIndex]?.version ?? "";
  const words = (SHOWN_WORDS[type] ?? []).filter(({ since = "" }) => since <= version);
  if (words.length === 0) return null;
  const shown = new Map(words.map((word) => [word.described.toLowerCase(), word.shown]));
  return (value) => (typeof value === "string" ? (shown.get(value.toLowerCase()) ?? value) : value);
}

function projectAll<T>(list: readonly T[], show: (member: T & object) => unknown): readonly unknown[] {
  const projected = list.map((member) => show(member as T & object));
  return projected.some((member, index) => member !== list[index]) ? projected : list;
}
