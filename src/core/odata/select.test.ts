import { expect, test } from "vitest";
import { Fault } from "../fault.ts";
import { parseExpand } from "./expand.ts";
import { parseSelect } from "./select.ts";

const JOB = {
  id: "job",
  state: "active",
  executionInfo: { startTime: "2024-01-31T08:00:00Z", poolId: "pool" },
  metadata: [
    { name: "a", value: "1" },
    { name: "b", value: "2" },
  ],
};
const NAMES = (path: string) => Object.keys(JOB).includes(path.split("/", 1)[0] ?? "");

test.each([
  ["id", { id: "job" }],
  ["state, id", { id: "job", state: "active" }],
  ["id,id", { id: "job" }],
  ["executionInfo/poolId", { executionInfo: { poolId: "pool" } }],
  ["executionInfo/poolId,executionInfo", { executionInfo: JOB.executionInfo }],
  ["executionInfo,executionInfo/poolId", { executionInfo: JOB.executionInfo }],
  ["metadata/name", { metadata: [{ name: "a" }, { name: "b" }] }],
  ["executionInfo/absent", { executionInfo: {} }],
  ["*", JOB],
  ["id,*", JOB],
])("$select=%s keeps just that", (text, expected) => {
  expect(parseSelect(text, NAMES)(JOB)).toEqual(expected);
});

test("a selected resource keeps the order of its properties, and the whole stays as it was", () => {
  const copy = structuredClone(JOB);
  expect(Object.keys(parseSelect("state,id", NAMES)(JOB))).toEqual(["id", "state"]);
  parseSelect("metadata/name", NAMES)(JOB);
  expect(JOB).toEqual(copy);
});

test("without a list of names any may be selected, and none reaches a prototype", () => {
  expect(parseSelect("__proto__,constructor,id")(JOB)).toEqual({ id: "job" });
  const selected = parseSelect("__proto__/x")(JSON.parse('{"__proto__":{"x":1}}'));
  expect(Object.getPrototypeOf(selected)).toBe(Object.prototype);
});

test.each([
  ["id,nonsense", "There is no property 'nonsense' to select"],
  ["ID", "There is no property 'ID' to select"],
  ["", "Item 1 of the list is not the name of a property"],
  ["id,,state", "Item 2 of the list is not the name of a property"],
  ["id state", "Item 1 of the list is not the name of a property"],
  ["id/", "Item 1 of the list is not the name of a property"],
  ["*/id", "Item 1 of the list is not the name of a property"],
  ["a".repeat(20_000), "The list is longer than 16384 characters"],
])("$select=%s is refused", (text, reason) => {
  expect(refusal(() => parseSelect(text, NAMES))).toEqual(["$select", reason]);
});

test("a very deep path is no burden", () => {
  expect(parseSelect("a/".repeat(8_000).concat("a"))({ a: { a: 1, b: 2 } })).toEqual({ a: { a: 1 } });
});

test("$expand takes what is allowed and refuses the rest", () => {
  const allowed = new Set(["stats"]);
  expect(parseExpand("stats", allowed)).toEqual(new Set(["stats"]));
  expect(refusal(() => parseExpand("stats,tasks", allowed))).toEqual([
    "$expand",
    "'tasks' cannot be expanded; stats can",
  ]);
});

function refusal(parse: () => unknown): unknown[] {
  try {
    return [parse()];
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    expect(fault.code).toBe("InvalidQueryParameterValue");
    const values = new Map(fault.values.map(({ key, value }) => [key, value]));
    return [values.get("QueryParameterName"), values.get("Reason")];
  }
}
