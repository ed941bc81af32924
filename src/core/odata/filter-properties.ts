/**
 * Which properties the `$filter` of each list operation may use, with which operators and literals. Source: the Azure
 * page "OData Filters in Azure Batch". Knows the tables and checks filters against them; evaluates nothing.
 *
 * That page has `lastModifiedTime` for tasks, but tasks carry `lastModified` and filters use the names of the resource
 * ("Create queries to list Batch resources efficiently"), so this table has `lastModified`.
 */

import type { Expression, ExpressionType, Filter, Property } from "./filter-expression.ts";
import { invalidFilter } from "./filter-lexer.ts";
import { parseFilter } from "./filter-parse.ts";
import { expressionType, fits } from "./filter-type.ts";

export interface FilterProperty {
  readonly type: "Boolean" | "Number" | "String" | "DateTime";
  /** Comparison operators and functions. */
  readonly operators: readonly string[];
}

const DATE_TIME: FilterProperty = { type: "DateTime", operators: ["eq", "ne", "ge", "gt", "le", "lt"] };
const NUMBER: FilterProperty = { type: "Number", operators: ["eq", "ne", "ge", "gt", "le", "lt"] };
const FLAG: FilterProperty = { type: "Boolean", operators: ["eq", "ne"] };
const ID: FilterProperty = { type: "String", operators: ["startswith", "eq", "ne", "ge", "gt", "le", "lt"] };
const NAME: FilterProperty = { type: "String", operators: ["eq", "ne"] };
const EXACT: FilterProperty = { type: "String", operators: ["eq"] };
const PREFIX: FilterProperty = { type: "String", operators: ["startswith"] };

const STATE_AND_TIMES = {
  state: NAME,
  stateTransitionTime: DATE_TIME,
  creationTime: DATE_TIME,
  lastModified: DATE_TIME,
};

const JOB_OF_SCHEDULE = {
  ...STATE_AND_TIMES,
  "executionInfo/startTime": DATE_TIME,
  "executionInfo/endTime": DATE_TIME,
  "executionInfo/poolId": ID,
};

export const FILTER_PROPERTIES = {
  Account_ListNodeAgentSkus: table({ id: ID, osType: NAME }),
  Account_ListPoolNodeCounts: table({ poolId: EXACT }),
  Account_ListSupportedImages: table({ osType: NAME, verificationType: NAME, nodeAgentSKUId: NAME }),
  Certificate_List: table({ state: NAME, stateTransitionTime: DATE_TIME }),
  ComputeNode_List: table({
    state: NAME,
    stateTransitionTime: DATE_TIME,
    lastBootTime: DATE_TIME,
    allocationTime: DATE_TIME,
    ...taskExecution("startTaskInfo", EXACT),
  }),
  File_ListFromComputeNode: table({ name: PREFIX }),
  File_ListFromTask: table({ name: PREFIX }),
  JobSchedule_List: table({
    id: ID,
    ...STATE_AND_TIMES,
    "executionInfo/endTime": DATE_TIME,
    "schedule/doNotRunUntil": DATE_TIME,
    "schedule/doNotRunAfter": DATE_TIME,
  }),
  Job_List: table({ id: ID, ...JOB_OF_SCHEDULE }),
  Job_ListFromJobSchedule: table(JOB_OF_SCHEDULE),
  Job_ListPreparationAndReleaseTaskStatus: table({
    poolId: NAME,
    nodeId: NAME,
    ...taskExecution("jobPreparationTaskExecutionInfo", NAME),
    ...taskExecution("jobReleaseTaskExecutionInfo", NAME),
  }),
  Pool_List: table({
    id: ID,
    ...STATE_AND_TIMES,
    allocationState: EXACT,
    allocationStateTransitionTime: DATE_TIME,
    enableAutoScale: FLAG,
    enableInterNodeCommunication: FLAG,
    vmSize: NAME,
  }),
  Pool_ListUsageMetrics: table({
    poolId: { type: "String", operators: ["startswith", "eq", "ge", "gt", "le", "lt"] },
  }),
  Task_List: table({
    id: ID,
    ...STATE_AND_TIMES,
    "executionInfo/startTime": DATE_TIME,
    "executionInfo/endTime": DATE_TIME,
    "executionInfo/exitCode": NUMBER,
    "executionInfo/result": NAME,
  }),
};

/** The list operations that take a `$filter`, by their id in the API description. */
export type FilteredList = keyof typeof FILTER_PROPERTIES;

/**
 * Parses the `$filter` of a list operation and holds it to the table, as the service does.
 *
 * @throws Fault InvalidQueryParameterValue naming the property and the column.
 */
export function parseListFilter(text: string, list: FilteredList): Filter {
  const properties = FILTER_PROPERTIES[list];
  const filter = parseFilter(text, new Set(properties.keys()));
  checkFilter(filter, properties);
  return filter;
}

/** Holds a parsed filter to a table. @throws Fault InvalidQueryParameterValue */
export function checkFilter(filter: Filter, properties: ReadonlyMap<string, FilterProperty>): void {
  // A property standing alone, as in `enableAutoScale and …`, is short for `eq true`.
  for (const { property, operator, against } of uses(filter.root, "eq", "Boolean")) {
    const rule = properties.get(property.name);
    if (rule === undefined) throw new Error(`a parsed filter names ${property.name}, which its table lacks`);
    const problem = violation(property.name, rule, operator, against);
    if (problem !== undefined) throw invalidFilter(filter.text, property.at, problem);
  }
}

/** A property, the operator or function it is used with, and the type it meets there. */
interface PropertyUse {
  readonly property: Property;
  readonly operator: string;
  readonly against: ExpressionType;
}

function uses(expression: Expression, operator: string, against: ExpressionType): PropertyUse[] {
  switch (expression.kind) {
    case "literal":
      return [];
    case "property":
      return [{ property: expression, operator, against }];
    case "call":
      return expression.args.flatMap((argument) => uses(argument, expression.name, "String"));
    case "comparison": {
      const { left, right } = expression;
      return [
        ...uses(left, expression.operator, expressionType(right)),
        ...uses(right, expression.operator, expressionType(left)),
      ];
    }
    case "in":
      return expression.literals.flatMap(({ type }) => uses(expression.operand, "in", type));
    case "not":
      return uses(expression.operand, "eq", "Boolean");
    case "and":
    case "or":
      return expression.operands.flatMap((operand) => uses(operand, "eq", "Boolean"));
    // Batch has no lists to filter by: no table names an element.
    case "any":
      return [];
  }
}

function violation(
  name: string,
  rule: FilterProperty,
  operator: string,
  against: ExpressionType,
): string | undefined {
  if (!rule.operators.includes(operator)) {
    return `The property '${name}' cannot be used with '${operator}'; it allows ${rule.operators.join(", ")}`;
  }
  return fits(rule.type, against) ? undefined : `The property '${name}' is a ${rule.type}, not a ${against}`;
}

function table(properties: Record<string, FilterProperty>): ReadonlyMap<string, FilterProperty> {
  return new Map(Object.entries(properties));
}

function taskExecution(prefix: string, state: FilterProperty): Record<string, FilterProperty> {
  return {
    [`${prefix}/state`]: state,
    [`${prefix}/startTime`]: DATE_TIME,
    [`${prefix}/endTime`]: DATE_TIME,
    [`${prefix}/exitCode`]: NUMBER,
    [`${prefix}/result`]: NAME,
  };
}
