/** The paths into a model that a `$select` may name: `executionInfo/startTime`, in the names and letters of an api-version. */
import type { BatchModelName } from "../../wire/batch/models.gen.ts";
import { isModelName, modelProperties, type PropertySpec } from "./model-table.ts";

/** Whether an api-version's model has the property, through lists too. @param versionIndex of `batchApiVersions` */
export function hasPath(model: BatchModelName, versionIndex: number, path: string): boolean {
  let at: BatchModelName | undefined = model;
  for (const step of path.split("/")) {
    if (at === undefined) return false;
    const spec: PropertySpec | undefined = modelProperties(at, versionIndex).known.find(
      ({ name }) => name === step,
    );
    if (spec === undefined) return false;
    at = isModelName(spec.type) ? spec.type : undefined;
  }
  return true;
}

/** What a list of resources is a list of; any other model is its own. */
export function elementOf(model: BatchModelName, versionIndex: number): BatchModelName {
  const value = modelProperties(model, versionIndex).known.find(({ name }) => name === "value");
  return value?.isArray && isModelName(value.type) ? value.type : model;
}
