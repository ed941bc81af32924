/**
 * An authorized GET of a job: signature of the token, roles, store and reply, against a `node:https` server that does nothing;
 * and the same asked by 10,000 principals in turn against one of them.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { BenchRow, Figure } from "../bench-row.ts";
import { httpRequest } from "../load/http-request.ts";
import { load, type MeasuredLoad } from "../load/load.ts";
import { startTlsPeer } from "../peers/tls-peer.ts";
import { BatchSession, batchRequest, tokenRequest } from "../service/batch-session.ts";
import { writePrincipalsSeed } from "../service/principals-seed.ts";
import { type ServiceProcess, startService } from "../service/service-process.ts";

const PRINCIPALS = 10_000;
const CONNECTIONS = 16;
const JOB_PATH = "/jobs/bench";

export const jobGet: BenchRow = {
  name: "job-get",
  about: "authorized GET of a job, by one principal and by 10,000",
  async run({ quick, rounds, folder, program, cacheFolder, progress }) {
    const seconds = quick ? 2 : 5;
    const dataFolder = await mkdtemp(join(folder, "job-get-"));
    const seedFile = `${dataFolder}.seed.json`;
    const principals = await writePrincipalsSeed(seedFile, quick ? PRINCIPALS / 10 : PRINCIPALS);
    const service = await startService({ dataFolder, seedFile, program, cacheFolder });
    const session = await BatchSession.open(service);
    const stops = [() => service.stop()];
    try {
      await session.addJob("bench", "nowhere");
      const body = JSON.stringify(await session.call("GET", JOB_PATH));
      const bare = await startTlsPeer(dataFolder, "bare-server.ts", [String(Buffer.byteLength(body))]);
      stops.push(bare.stop);

      progress(`job-get: ${principals.length} sign in`);
      const tokens = await signIn(
        service,
        principals.map((client) => httpRequest(tokenRequest(service.ready.tenantId, client))),
      );
      const requests = tokens.map((token) => httpRequest(batchRequest(token, "GET", JOB_PATH)));
      const hot = requests.slice(0, 1);

      const ask = (
        on: { readonly pid: number; readonly url: string; readonly caFile: string },
        asked: readonly string[],
        until: { seconds: number } | { requests: number },
        warmUp: number,
      ) =>
        load(on.pid, {
          url: on.url,
          caFile: on.caFile,
          connections: CONNECTIONS,
          requests: asked,
          warmUp,
          until,
        });
      const own = { pid: service.pid, url: service.ready.batch, caFile: service.ready.caFile };

      progress("job-get: each principal's first request");
      const first = await ask(own, requests, { requests: requests.length }, 0);
      const loads = { bare: [] as MeasuredLoad[], one: [] as MeasuredLoad[], many: [] as MeasuredLoad[] };
      for (let round = 0; round < rounds; round++) {
        progress(`job-get ${round + 1}/${rounds}`);
        loads.bare.push(await ask(bare, hot, { seconds }, 2_000));
        loads.one.push(await ask(own, hot, { seconds }, 2_000));
        loads.many.push(await ask(own, requests, { seconds }, 2_000));
      }
      return figures(loads, first, requests.length);
    } finally {
      session.close();
      for (const stop of stops) await stop();
      await rm(dataFolder, { recursive: true, force: true });
    }
  },
};

function figures(
  { bare, one, many }: Record<"bare" | "one" | "many", readonly MeasuredLoad[]>,
  first: MeasuredLoad,
  principals: number,
): Figure[] {
  const rates = (loads: readonly MeasuredLoad[]) => loads.map(({ perSecond }) => perSecond);
  const cpuRates = (loads: readonly MeasuredLoad[]) => loads.map(({ perCpuSecond }) => perCpuSecond);
  const name = "job-get";
  return [
    {
      name,
      what: "GET job, one principal",
      unit: "/s",
      values: rates(one),
      against: { name: "bare node:https", values: rates(bare) },
      bar: { atLeast: 0.3 },
      detail: { p99Ms: one.at(-1)?.latency.p99 ?? 0 },
    },
    {
      name,
      what: "  the same per CPU-second",
      unit: "/cpu-s",
      values: cpuRates(one),
      against: { name: "bare node:https", values: cpuRates(bare) },
    },
    {
      name,
      what: `GET job, ${principals.toLocaleString("en")} principals`,
      unit: "/s",
      values: rates(many),
      against: { name: "one principal", values: rates(one) },
      bar: { atLeast: 0.7 },
      detail: { firstRequestsPerSecond: first.perSecond, p99Ms: many.at(-1)?.latency.p99 ?? 0 },
    },
  ];
}

/** All of them through the token endpoint, as they would. */
async function signIn(service: ServiceProcess, requests: readonly string[]): Promise<string[]> {
  const { login, caFile } = service.ready;
  const { bodies } = await load(service.pid, {
    url: login,
    caFile,
    connections: CONNECTIONS,
    requests,
    warmUp: 0,
    until: { requests: requests.length },
    keepBodies: true,
  });
  return bodies.map((body) => (JSON.parse(body) as { access_token: string }).access_token);
}
