/** The query of a data-plane request against the operation's table: unknown names, duplicates and bad values are refused. */
import { Fault } from "../../../core/fault.ts";
import { parseExpand } from "../../../core/odata/expand.ts";
import { invalidQueryParameter } from "../../../core/odata/invalid-query-parameter.ts";
import type { Query } from "../../../http/query.ts";
import type { BatchOperation, BatchQueryParameter } from "../../../wire/batch/operation.ts";
import type { BatchQuery } from "./context.ts";

/** All that `$expand` can name. */
const EXPANDABLE = new Set(["stats"]);

/**
 * Of every operation. The token is ours: it stands in the links that lead to a list's next page. Ids of requests are headers by the
 * descriptions, and some clients (Terraform's) write them here, as the service lets them.
 */
const COMMON: readonly BatchQueryParameter[] = [
  { name: "api-version", type: "string" },
  { name: "timeout", type: "int32", min: 0 },
  { name: "client-request-id", type: "string" },
  { name: "return-client-request-id", type: "boolean" },
  { name: "$skiptoken", type: "string" },
];

/**
 * Names are compared without case, as the two generations of descriptions differ in it.
 * @throws Fault UnsupportedQueryParameter, InvalidQueryParameterValue, naming the parameter
 */
export function checkQuery(operation: BatchOperation, version: number, query: Query): BatchQuery {
  const duplicated = query.duplicated();
  if (duplicated !== undefined) throw givenTwice(duplicated, query);
  const texts = new Map<string, string>();
  for (const name of query.names()) {
    const parameter = parameterNamed(name, operation, version);
    if (!parameter) {
      throw new Fault("UnsupportedQueryParameter", "", {
        values: [{ key: "QueryParameterName", value: name.slice(0, 256) }],
      });
    }
    if (texts.has(parameter.name)) throw givenTwice(name, query);
    const value = query.get(name) ?? "";
    checkValue(name, value, parameter, version);
    texts.set(parameter.name, value);
  }
  return {
    text: (name) => texts.get(name),
    number: (name) => {
      const value = texts.get(name);
      return value === undefined ? undefined : Number(value);
    },
    flag: (name) => {
      const value = texts.get(name);
      return value === undefined ? undefined : value.toLowerCase() === "true";
    },
  };
}

function parameterNamed(
  name: string,
  operation: BatchOperation,
  version: number,
): BatchQueryParameter | undefined {
  const isNamed = (known: BatchQueryParameter) => known.name.toLowerCase() === name.toLowerCase();
  const own = operation.query.find((known) => isNamed(known) && (known.since ?? 0) <= version);
  return own ?? COMMON.find(isNamed);
}

function checkValue(name: string, value: string, parameter: BatchQueryParameter, version: number): void {
  if (parameter.type === "int32") {
    const number = /^-?\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
    const { min = -(2 ** 31), later } = parameter;
    const max = (later && version >= later.since ? later.max : parameter.max) ?? 2 ** 31 - 1;
    if (Number.isNaN(number)) throw invalidQueryParameter(name, value, "It is not an integer");
    if (number < min || number > max) {
      throw invalidQueryParameter(name, value, `It must lie between ${min} and ${max}`);
    }
  }
  if (parameter.name === "$expand") parseExpand(value, EXPANDABLE);
  if (parameter.type === "boolean" && !/^(true|false)$/i.test(value)) {
    throw invalidQueryParameter(name, value, "It must be true or false");
  }
}

function givenTwice(name: string, query: Query): Fault {
  return invalidQueryParameter(name, query.get(name) ?? "", "It is given more than once");
}
