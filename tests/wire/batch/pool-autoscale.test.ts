/** Pools that scale by a formula, with real nodes, on a clock that the test moves. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ClockedService, clockedService, poolOf, until } from "../clocked-service.fixture.ts";

let service: ClockedService;

const MINUTE = 60_000;
const pool = (id: string) => service.batch("GET", `/pools/${id}`);
const scaling = (id: string, formula: string, more: object = {}) => {
  const { targetDedicatedNodes: _none, ...body } = poolOf(id, 0) as { targetDedicatedNodes?: number };
  return { ...body, enableAutoScale: true, autoScaleFormula: formula, ...more };
};
const nodesOf = (id: string, count: number) =>
  until(
    `${count} nodes of ${id}`,
    () => pool(id),
    ({ body }) => body.currentDedicatedNodes === count && body.allocationState === "steady",
  );

beforeAll(async () => {
  service = await clockedService();
});
afterAll(() => service?.close());

test("a pool added with a formula gets its nodes by it, and follows the tasks at each interval", async () => {
  const formula = `
    $waiting = $PendingTasks.GetSamplePercent(TimeInterval_Minute) > 0 ? $PendingTasks.GetSample(1) : 1;
    $TargetDedicatedNodes = min(3, max($waiting));
    $NodeDeallocationOption = taskcompletion;`;
  const added = await service.batch(
    "POST",
    "/pools",
    scaling("p1", formula, { autoScaleEvaluationInterval: "PT5M" }),
  );
  expect(added.status).toBe(201);
  const { body } = await nodesOf("p1", 1);
  expect(body).toMatchObject({
    enableAutoScale: true,
    autoScaleFormula: formula,
    autoScaleEvaluationInterval: "PT5M",
    targetDedicatedNodes: 1,
    autoScaleRun: {
      results:
        "$TargetDedicatedNodes=1;$TargetLowPriorityNodes=0;$NodeDeallocationOption=taskcompletion;$waiting=1",
    },
  });

  const ran = body.autoScaleRun.timestamp;
  await service.advance(5 * MINUTE);
  const again = await until(
    "the next run",
    () => pool("p1"),
    (answer) => answer.body.autoScaleRun.timestamp !== ran,
  );
  expect(Date.parse(again.body.autoScaleRun.timestamp) - Date.parse(ran)).toBeGreaterThanOrEqual(5 * MINUTE);
  expect(again.body.eTag).toBe(body.eTag);

  expect((await service.batch("POST", "/pools/p1/resize", { targetDedicatedNodes: 2 })).body.code).toBe(
    "OperationNotValidOnPool",
  );
});

test("a formula is tried without changing anything", async () => {
  const evaluate = (autoScaleFormula: string) =>
    service.batch("POST", "/pools/p1/evaluateautoscale", { autoScaleFormula });
  const { status, body } = await evaluate("$TargetDedicatedNodes = $CurrentDedicatedNodes + 1;");
  expect(status).toBe(200);
  expect(body.results).toBe(
    "$TargetDedicatedNodes=2;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue",
  );
  expect((await pool("p1")).body.targetDedicatedNodes).toBe(1);
  const failed = await evaluate("$TargetDedicatedNodes = none;");
  expect(failed.status).toBe(200);
  expect(failed.body.error.code).toBe("AutoScalingFormulaEvaluationError");
  const unread = await evaluate("$TargetDedicatedNodes = ;");
  expect(unread.status).toBe(400);
  expect(unread.body.code).toBe("AutoScalingFormulaSyntaxError");
  expect(unread.body.values).toContainEqual({
    key: "Reason",
    value: "Line 1, Col 25: An expression is expected",
  });
});

test("automatic scaling is switched on, changed and off again", async () => {
  await service.batch("POST", "/pools", poolOf("p2", 0));
  await nodesOf("p2", 0);
  const enable = (body: object) => service.batch("POST", "/pools/p2/enableautoscale", body);
  expect(
    (await service.batch("POST", "/pools/p2/evaluateautoscale", { autoScaleFormula: "a=1;" })).status,
  ).toBe(409);
  expect((await enable({})).body.code).toBe("MissingRequiredProperty");
  expect((await enable({ autoScaleFormula: "$T = (" })).body.code).toBe("AutoScalingFormulaSyntaxError");
  expect((await enable({ autoScaleFormula: "a=1;", autoScaleEvaluationInterval: "PT4M" })).status).toBe(400);
  expect((await enable({ autoScaleFormula: "$TargetDedicatedNodes=1;" })).status).toBe(200);
  const { body } = await nodesOf("p2", 1);
  expect(body.autoScaleEvaluationInterval).toBe("PT15M");
  expect((await enable({ autoScaleEvaluationInterval: "PT6M" })).body.code).toBe(
    "TooManyEnableAutoScaleRequests",
  );
  await service.advance(31_000);
  expect((await enable({ autoScaleEvaluationInterval: "PT6M" })).status).toBe(200);
  expect((await pool("p2")).body).toMatchObject({
    autoScaleFormula: "$TargetDedicatedNodes=1;",
    autoScaleEvaluationInterval: "PT6M",
  });
  expect((await service.batch("POST", "/pools/p2/disableautoscale")).status).toBe(200);
  const off = (await pool("p2")).body;
  expect(off).toMatchObject({ enableAutoScale: false, targetDedicatedNodes: 1 });
  expect(off).not.toHaveProperty("autoScaleFormula");
  expect((await service.batch("POST", "/pools/p2/resize", { targetDedicatedNodes: 0 })).status).toBe(202);
});

test("a pool cannot have both targets and a formula, nor a formula that is not in use", async () => {
  const both = await service.batch("POST", "/pools", scaling("p3", "a=1;", { targetDedicatedNodes: 1 }));
  expect(both.body.values).toContainEqual({ key: "PropertyName", value: "targetDedicatedNodes" });
  const unused = await service.batch("POST", "/pools", poolOf("p3", 0, { autoScaleFormula: "a=1;" }));
  expect(unused.body.values).toContainEqual({ key: "PropertyName", value: "autoScaleFormula" });
  expect((await pool("p3")).status).toBe(404);
});
