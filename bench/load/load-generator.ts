/** The process that sends requests. `load.ts` starts it, so that what it costs is not the service's and not the bench's. */
import { readFileSync } from "node:fs";
import { createHistogram } from "node:perf_hooks";
import { LoadConnection } from "./load-connection.ts";
import type { FromGenerator, LoadPlan, LoadResult, ToGenerator } from "./load-plan.ts";

const tell = (message: FromGenerator) => process.send?.(message);
const gone = Promise.withResolvers<void>();

process.on("message", (message: ToGenerator) => {
  if (message.t === "go") gone.resolve();
  else run(message.plan).catch((error: Error) => tell({ t: "failed", message: error.message }));
});

async function run(plan: LoadPlan): Promise<void> {
  const ca = readFileSync(plan.caFile);
  const port = Number(new URL(plan.url).port);
  const requests = plan.requests.map((request) => Buffer.from(request));
  const connections = await Promise.all(
    Array.from({ length: plan.connections }, () => LoadConnection.open(port, ca)),
  );
  await send(connections, requests, { requests: plan.warmUp });
  tell({ t: "warm" });
  await gone.promise;
  const result = await send(connections, requests, plan.until, plan.keepBodies ?? false);
  for (const connection of connections) connection.close();
  tell({ t: "done", result });
}

async function send(
  connections: readonly LoadConnection[],
  requests: readonly Buffer[],
  until: LoadPlan["until"],
  keepBodies = false,
): Promise<LoadResult> {
  const latency = createHistogram();
  const bodies: string[] = [];
  const most = "requests" in until ? until.requests : Number.POSITIVE_INFINITY;
  const started = performance.now();
  const end = "seconds" in until ? started + until.seconds * 1_000 : Number.POSITIVE_INFINITY;
  let sent = 0;

  const sendInTurn = async (connection: LoadConnection): Promise<void> => {
    for (let now = performance.now(); sent < most && now < end; ) {
      const index = sent++ % requests.length;
      const { status, body } = await connection.send(requests[index] as Buffer);
      if (status >= 300) throw new Error(`request ${index} was answered ${status}: ${body.toString("utf8")}`);
      if (keepBodies) bodies[index] = body.toString("utf8");
      const replied = performance.now();
      latency.record(Math.max(1, Math.round((replied - now) * 1e6)));
      now = replied;
    }
  };
  await Promise.all(connections.map(sendInTurn));
  const milliseconds = (percentile: number) => latency.percentile(percentile) / 1e6;
  return {
    requests: sent,
    seconds: (performance.now() - started) / 1_000,
    latency: { p50: milliseconds(50), p99: milliseconds(99), max: latency.max / 1e6 },
    bodies,
  };
}
