import { expect, test } from "vitest";
import { NodeRun } from "./node-run.ts";
import { RunLedger } from "./run-ledger.ts";

function runNamed(run: string, ledger: RunLedger): NodeRun {
  const place = { kind: "startTask" } as const;
  const rest = { attempt: 1, commandLine: "true", environment: [], accountUrl: "", elevated: false };
  return new NodeRun(
    { run, nodeKey: "n", place, ...rest },
    () => {},
    (report) => ledger.settle(report),
  );
}

test("a run is known while it lives, until its report is acknowledged, and after", () => {
  const ledger = new RunLedger();
  expect(ledger.isNew("r")).toBe(true);
  const run = runNamed("r", ledger);
  ledger.add(run);
  expect([ledger.isNew("r"), ledger.allLive()]).toEqual([false, [run]]);

  run.end({ kind: "exited", exitCode: 0 });
  expect([ledger.isNew("r"), ledger.allLive()]).toEqual([false, []]);
  expect(ledger.unacknowledged()).toMatchObject([{ run: "r", end: { kind: "exited", exitCode: 0 } }]);

  ledger.acknowledge("r");
  expect([ledger.isNew("r"), ledger.unacknowledged()]).toEqual([false, []]);
});

test("an acknowledgement of what never ended is passed over", () => {
  const ledger = new RunLedger();
  ledger.add(runNamed("live", ledger));
  ledger.acknowledge("live");
  ledger.acknowledge("unknown");
  expect(ledger.allLive()).toHaveLength(1);
  expect(ledger.isNew("unknown")).toBe(true);
});

test("the memory of acknowledged runs is bounded: the oldest go first", () => {
  const ledger = new RunLedger();
  for (let i = 0; i <= 10_000; i++) {
    ledger.settle({ run: `r${i}`, nodeKey: "n", endTime: "", end: { kind: "stopped" } });
    ledger.acknowledge(`r${i}`);
  }
  expect(["r0", "r1", "r10000"].map((run) => ledger.isNew(run))).toEqual([true, false, false]);
});
