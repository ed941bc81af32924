import { expect, test } from "vitest";
import { MachineLoad } from "./machine-load.ts";

test("a machine that computes is not idle", async () => {
  const load = new MachineLoad();
  const end = Date.now() + 60;
  while (Date.now() < end);
  expect(load.cpuPercent()).toBeGreaterThan(0);
});
