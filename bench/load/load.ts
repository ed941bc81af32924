/** Puts load on a server from a process of its own, and reads what the server's process spent meanwhile. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { endsWithBench } from "../ends-with-bench.ts";
import { cpuSeconds } from "../service/process-figures.ts";
import type { FromGenerator, LoadPlan, LoadResult, ToGenerator } from "./load-plan.ts";

export interface MeasuredLoad extends LoadResult {
  readonly perSecond: number;
  /** Of the server's process, all its threads. */
  readonly cpuSeconds: number;
  readonly perCpuSecond: number;
}

/** @param pid the server's process */
export async function load(pid: number, plan: LoadPlan): Promise<MeasuredLoad> {
  const generator = endsWithBench(
    fork(join(import.meta.dirname, "load-generator.ts"), { serialization: "advanced" }),
  );
  const tell = (message: ToGenerator) => generator.send(message);
  const hear = async (): Promise<FromGenerator> => {
    const ended = once(generator, "exit").then(() => ({ t: "failed", message: "it ended" }) as const);
    const message = once(generator, "message").then(([value]) => value as FromGenerator);
    return Promise.race([message, ended]);
  };
  try {
    tell({ t: "plan", plan });
    expectMessage(await hear(), "warm");
    const before = cpuSeconds(pid);
    tell({ t: "go" });
    const { result } = expectMessage(await hear(), "done");
    const spent = cpuSeconds(pid) - before;
    return {
      ...result,
      perSecond: result.requests / result.seconds,
      cpuSeconds: spent,
      perCpuSecond: result.requests / spent,
    };
  } finally {
    generator.kill();
  }
}

function expectMessage<T extends FromGenerator["t"]>(
  message: FromGenerator,
  t: T,
): Extract<FromGenerator, { t: T }> {
  if (message.t === t) return message as Extract<FromGenerator, { t: T }>;
  throw new Error(`load generator: ${message.t === "failed" ? message.message : message.t}`);
}
