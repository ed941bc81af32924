import { expect, test } from "vitest";
import { bodyAt, bodyOf, bodyWith, parsedBody } from "./body-path.ts";

test("a value is read and set at its path, and leaves the rest as it is", () => {
  const body = { id: "a", poolInfo: { poolId: "p", other: 1 } };
  expect(bodyAt(body, "poolInfo.poolId")).toBe("p");
  expect(bodyAt(body, "poolInfo.none.deeper")).toBeUndefined();
  expect(bodyWith(body, "poolInfo.poolId", "q")).toEqual({ id: "a", poolInfo: { poolId: "q", other: 1 } });
  expect(body.poolInfo.poolId).toBe("p");
});

test("taking a value away takes away what would be empty around it", () => {
  expect(bodyWith({ a: { b: { c: 1 } }, d: 2 }, "a.b.c", undefined)).toEqual({ d: 2 });
  expect(bodyWith({ d: 2 }, "a.b", undefined)).toEqual({ d: 2 });
});

test("of a resource only what can be given again is taken", () => {
  expect(bodyOf({ id: "a", state: "active", priority: 0, none: null }, ["id", "priority", "none"])).toEqual({
    id: "a",
    priority: 0,
  });
});

test.each(["{", "[]", "1", "null"])("%s is refused as a body, in words", (text) => {
  expect(parsedBody(text)).toMatch(/^This is no JSON/);
});
