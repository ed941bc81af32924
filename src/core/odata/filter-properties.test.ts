import { expect, test } from "vitest";
import { Fault } from "../fault.ts";
import { FILTER_PROPERTIES, type FilteredList, parseListFilter } from "./filter-properties.ts";

function reason(text: string, list: FilteredList): string | undefined {
  try {
    parseListFilter(text, list);
    return undefined;
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    return fault.values.find(({ key }) => key === "Reason")?.value;
  }
}

test.each<[string, FilteredList]>([
  ["(executionInfo/exitCode lt 0) or (executionInfo/exitCode gt 0)", "Task_List"],
  ["(state eq 'running') and startswith(id, 'renderTask')", "Task_List"],
  ["creationTime gt DateTime'2011-05-08T08:49:37Z'", "Job_List"],
  ["enableAutoScale eq false and vmSize ne 'standard_d2s_v3'", "Pool_List"],
  ["not enableAutoScale and enableInterNodeCommunication", "Pool_List"],
  ["startTaskInfo/result eq 'failure'", "ComputeNode_List"],
  ["poolId eq 'a' or poolId eq 'b'", "Account_ListPoolNodeCounts"],
  ["startswith(name, 'wd/')", "File_ListFromTask"],
  ["osType eq 'linux' and verificationType eq 'verified'", "Account_ListSupportedImages"],
  ["jobReleaseTaskExecutionInfo/exitCode ne 0", "Job_ListPreparationAndReleaseTaskStatus"],
])("%s is allowed in %s", (text, list) => {
  expect(reason(text, list)).toBeUndefined();
});

test.each<[string, FilteredList, RegExp]>([
  [
    "commandLine eq 'x'",
    "Task_List",
    /^The property 'commandLine' cannot be used in this filter; .*id, state/,
  ],
  [
    "state eq 'active' and state gt 'a'",
    "Job_List",
    /^The property 'state' cannot be used with 'gt'; it allows eq, ne \(column 23\)$/,
  ],
  ["'a' gt state", "Job_List", /'state' cannot be used with 'gt'/],
  ["contains(id, 'a')", "Pool_List", /'id' cannot be used with 'contains'/],
  ["tolower(id) eq 'a'", "Pool_List", /'id' cannot be used with 'tolower'/],
  ["id in ('a')", "Pool_List", /'id' cannot be used with 'in'/],
  [
    "creationTime gt '2024-01-01'",
    "Pool_List",
    /^The property 'creationTime' is a DateTime, not a String \(column 1\)$/,
  ],
  ["id eq 5", "Pool_List", /'id' is a String, not a Number/],
  ["id eq 'a' and vmSize", "Pool_List", /^The property 'vmSize' is a String, not a Boolean \(column 15\)$/],
  ["name eq 'stdout.txt'", "File_ListFromTask", /'name' cannot be used with 'eq'; it allows startswith/],
])("%s is refused in %s", (text, list, expected) => {
  expect(reason(text, list)).toMatch(expected);
});

test("every list operation has a table", () => {
  for (const table of Object.values(FILTER_PROPERTIES)) expect(table.size).toBeGreaterThan(0);
  expect(Object.keys(FILTER_PROPERTIES)).toHaveLength(14);
});
