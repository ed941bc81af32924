/** Every operation of the API descriptions has a permission, and a handler or a declared 501. */
import { expect, test } from "vitest";
import { batchOperationHandlers } from "../../src/planes/batch/operations.ts";
import { graphOperationHandlers } from "../../src/planes/graph/operations.ts";
import { armOperations } from "../../src/wire/arm/operations.gen.ts";
import { type BatchOperationId, batchOperations } from "../../src/wire/batch/operations.gen.ts";
import { batchOperationAccess } from "../../src/wire/batch/permissions.ts";
import { type GraphOperationId, graphOperations } from "../../src/wire/graph/operations.ts";
import { contentOf } from "./source-files.ts";

const ids = Object.keys(batchOperations) as BatchOperationId[];

/** Operations that answered 501 when this guard was last edited. The list only shrinks: build one, delete its line. */
const DECLARED_501: readonly BatchOperationId[] = [
  "ComputeNodeExtension_Get",
  "ComputeNodeExtension_List",
  "ComputeNode_GetRemoteDesktop",
  "Pool_UpgradeOS",
];

/** The same of Microsoft Graph. */
const GRAPH_DECLARED_501: readonly GraphOperationId[] = ["Applications_AddKey", "Applications_RemoveKey"];

test("every operation has a permission that reads when the operation does", () => {
  for (const id of ids) {
    const { permission, isRead } = batchOperationAccess(id);
    expect(permission.name, id).toMatch(/^Microsoft\.Batch\/batchAccounts\/\w+\/(read|write|delete)$/);
    const { method } = batchOperations[id];
    expect(isRead, id).toBe(method === "GET" || method === "HEAD" || id === "Pool_EvaluateAutoScale");
  }
});

test("what has no handler is a declared 501, and what has one is not", () => {
  expect(ids.filter((id) => !batchOperationHandlers.has(id)).sort()).toEqual([...DECLARED_501].sort());
});

test("what of Graph has no handler is a declared 501, and what has one is not", () => {
  const known = Object.keys(graphOperations) as GraphOperationId[];
  const unbuilt = known.filter((id) => !graphOperationHandlers.has(id)).sort();
  expect(unbuilt).toEqual([...GRAPH_DECLARED_501].sort());
});

test("every operation has a line on the compatibility page", () => {
  const page = contentOf("docs/compatibility.md");
  const all = [...ids, ...Object.keys(armOperations), ...Object.keys(graphOperations)];
  for (const id of all) expect(page, id).toContain(`| ${id} |`);
});
