/** The query of a data-plane request against the operation's table: unknown names, duplicates and bad values are refused. */
import { Fault } from "../../core/fault.ts";
import { parseExpand } from "../../core/odata/expand.ts";
import { invalidQueryParameter } from "../../core/odata/invalid-query-parameter.ts";
import type { Query } from "../../http/query.ts";
import { batchApiVersions } from "../../wire/batch/api-versions.gen.ts";
import type { BatchOperation } from "../../wire/batch/operation.ts";
import type { BatchQuery } from "./context.ts";

const VERSIONS = new Map<string, number>(batchApiVersions.map(({ version }, index) => [version, index]));

/** @returns the index into `batchApiVersions`. @throws Fault MissingRequiredQueryParameter, InvalidQueryParameterValue */
export function apiVersionIndex(query: Query): number {
  const version = query.get("api-version");
  if (version === undefined) {
    throw new Fault("MissingRequiredQueryParameter", "", {
      values: [{ key: "QueryParameterName", value: "api-version" }],
    });
  }
  const index = VERSIONS.get(version);
  if (index === undefined) {
    const first = batchApiVersions[0].version;
    const last = batchApiVersions.at(-1)?.version ?? "";
    throw invalidQueryParameter(
      "api-version",
      version,
      `The versions from ${first} to ${last} are supported; the list is on the compatibility page`,
    );
  }
  return index;
}

/** All that `$expand` can name. Statistics are not kept, so that there is never one to add. */
const EXPANDABLE = new Set(["stats"]);
const ALWAYS_TAKEN = new Set(["api-version", "timeout", "$skiptoken"]);

/** @throws Fault UnsupportedQueryParameter, InvalidQueryParameterValue, OutOfRangeQueryParameterValue, naming the parameter */
export function checkQuery(operation: BatchOperation, version: number, query: Query): BatchQuery {
  const duplicated = query.duplicated();
  if (duplicated !== undefined) {
    throw invalidQueryParameter(duplicated, query.get(duplicated) ?? "", "It is given more than once");
  }
  const numbers = new Map<string, number>();
  for (const name of query.names()) {
    if (ALWAYS_TAKEN.has(name)) continue;
    const parameter = operation.query.find((known) => known.name.toLowerCase() === name.toLowerCase());
    if (!parameter || (parameter.since ?? 0) > version) {
      // The newer generation of descriptions spells one of them otherwise; all take it.
      if (name.toLowerCase() === "timeout") continue;
      throw new Fault("UnsupportedQueryParameter", "", {
        values: [{ key: "QueryParameterName", value: name.slice(0, 256) }],
      });
    }
    const value = query.get(name) ?? "";
    if (parameter.type === "int32") {
      const number = /^-?\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
      const { min = -(2 ** 31), max = 2 ** 31 - 1 } = parameter;
      if (Number.isNaN(number)) throw invalidQueryParameter(name, value, "It is not an integer");
      if (number < min || number > max) {
        throw invalidQueryParameter(name, value, `It must lie between ${min} and ${max}`);
      }
      numbers.set(parameter.name, number);
    }
    if (parameter.name === "$expand") parseExpand(value, EXPANDABLE);
    if (parameter.type === "boolean" && !/^(true|false)$/i.test(value)) {
      throw invalidQueryParameter(name, value, "It must be true or false");
    }
  }
  return {
    text: (name) => query.get(name),
    number: (name) => numbers.get(name),
    flag: (name) => {
      const value = query.get(name);
      return value === undefined ? undefined : value.toLowerCase() === "true";
    },
  };
}
