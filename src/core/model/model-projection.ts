/**
 * Shows a response as an older (or newer) api-version knows it: properties that came later or went earlier are left out. Where
 * nothing of the model differs the value itself is returned, and nothing is copied that stays as it is.
 */
import type { BatchModelName } from "../../wire/batch/models.gen.ts";
import { isModelName, modelProperties } from "./model-table.ts";

type Projection = (value: object) => object;

/** @param versionIndex of `batchApiVersions` */
export function projectModel<T extends object>(model: BatchModelName, versionIndex: number, value: T): T {
  const projection = projectionOf(model, versionIndex);
  return projection === null ? value : (projection(value) as T);
}

/** Null: the version knows the whole model. */
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
  const nested = known.flatMap(({ name, type }) => {
    const project = isModelName(type) ? projectionOf(type, versionIndex) : null;
    return project === null ? [] : [[name, project] as const];
  });
  if (unknown.length === 0 && nested.length === 0) return null;

  return (value) => {
    let shown = value as Record<string, unknown>;
    const change = (name: string, member?: unknown): void => {
      if (shown === value) shown = { ...shown };
      if (member === undefined) delete shown[name];
      else shown[name] = member;
    };
    for (const name of unknown) if (shown[name] !== undefined) change(name);
    for (const [name, project] of nested) {
      const member = shown[name];
      if (typeof member !== "object" || member === null) continue;
      const projected = Array.isArray(member) ? projectAll(member, project) : project(member);
      if (projected !== member) change(name, projected);
    }
    return shown;
  };
}

function projectAll(list: readonly object[], project: Projection): readonly object[] {
  const projected = list.map((member) => project(member));
  return projected.some((member, index) => member !== list[index]) ? projected : list;
}
