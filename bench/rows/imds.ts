/**
 * The metadata endpoint's kept token: how often in a second tasks on nodes are given one by the service's agent, which serves all
 * nodes of the machine; over connections that stay open, and over a new one each time. Beside it a `node:http` server that does
 * nothing, asked by the same client from outside.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { realpathSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import type { BenchRow, Figure } from "../bench-row.ts";
import { endsWithBench } from "../ends-with-bench.ts";
import type { MetadataLoad } from "../load/metadata-client.ts";
import { BATCH_AUDIENCE, BatchSession } from "../service/batch-session.ts";
import { ManagementSession } from "../service/management-session.ts";
import { namespaceObstacle } from "../service/node-isolation.ts";
import { cpuSeconds } from "../service/process-figures.ts";
import { type ServiceProcess, startService } from "../service/service-process.ts";

/** Each with one task. */
const NODES = 2;
const CONNECTIONS_PER_NODE = 8;
/** For the clients to start in. Milliseconds. */
const AHEAD_MS = 3_000;
/** Of a reply with a token. */
const BODY_BYTES = 1_700;

const CLIENT = realpathSync(join(import.meta.dirname, "../load/metadata-client.ts"));
const NODE = realpathSync(process.execPath);
const TOKEN = `/metadata/identity/oauth2/token?api-version=2018-02-01&resource=${BATCH_AUDIENCE}`;

export const imds: BenchRow = {
  name: "imds",
  about: "tokens of a managed identity that nodes keep, asked for by tasks",
  async run(context) {
    const { quick, rounds, folder, program, cacheFolder, progress } = context;
    const seconds = quick ? 2 : 5;
    const dataFolder = await mkdtemp(join(folder, "imds-"));
    const isolation = (await namespaceObstacle(program)) === undefined ? "namespace" : "process";
    const shown = [dirname(CLIENT), dirname(NODE)].flatMap((path) => ["--node-path", path]);
    const service = await startService({
      dataFolder,
      program,
      cacheFolder,
      isolation,
      options: isolation === "namespace" ? shown : ["--allow-unisolated-identities"],
    });
    const session = await BatchSession.open(service);
    const bare = await startBareServer();
    try {
      await addPoolWithIdentity(service, session);
      const base =
        isolation === "namespace" ? "http://169.254.169.254" : "$AZURE_POD_IDENTITY_AUTHORITY_HOST";
      const measured = { kept: [] as Round[], fresh: [] as Round[], bare: [] as Round[] };
      for (let round = 0; round < rounds; round++) {
        progress(`imds ${round + 1}/${rounds}`);
        const onNodes = (keepAlive: boolean) =>
          askOnNodes(session, `${base}${TOKEN}`, seconds, keepAlive, service.agentPid());
        measured.bare.push(await askBeside(`http://127.0.0.1:${bare.port}/`, seconds, bare.pid));
        measured.kept.push(await onNodes(true));
        measured.fresh.push(await onNodes(false));
      }
      return figures(measured);
    } finally {
      session.close();
      bare.stop();
      await service.stop();
      await rm(dataFolder, { recursive: true, force: true });
    }
  },
};

interface Round {
  readonly perSecond: number;
  /** Of the process that answers. */
  readonly perCpuSecond: number;
}

function figures(measured: Record<"kept" | "fresh" | "bare", readonly Round[]>): Figure[] {
  const rates = (rounds: readonly Round[]) => rounds.map(({ perSecond }) => perSecond);
  const cpuRates = (rounds: readonly Round[]) => rounds.map(({ perCpuSecond }) => perCpuSecond);
  const name = "imds";
  const against = "bare node:http";
  return [
    { name, what: "IMDS, kept token", unit: "/s", values: rates(measured.kept), bar: { atLeast: 5_000 } },
    {
      name,
      what: "  the same",
      unit: "/s",
      values: rates(measured.kept),
      against: { name: against, values: rates(measured.bare) },
    },
    {
      name,
      what: "  the same per CPU-second",
      unit: "/cpu-s",
      values: cpuRates(measured.kept),
      against: { name: against, values: cpuRates(measured.bare) },
    },
    { name, what: "  a connection each time", unit: "/s", values: rates(measured.fresh) },
  ];
}

async function addPoolWithIdentity(service: ServiceProcess, session: BatchSession): Promise<void> {
  const { subscriptionId, resourceGroup, account } = service.ready;
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers`;
  const identity = `${group}/Microsoft.ManagedIdentity/userAssignedIdentities/bench`;
  const management = await ManagementSession.open(service);
  try {
    await management.put(identity, "2023-01-31", { location: service.ready.location });
    await management.put(`${group}/Microsoft.Batch/batchAccounts/${account}/pools/bench`, "2024-07-01", {
      identity: { type: "UserAssigned", userAssignedIdentities: { [identity]: {} } },
      properties: {
        vmSize: "standard_d2_v3",
        scaleSettings: { fixedScale: { targetDedicatedNodes: NODES } },
        deploymentConfiguration: {
          virtualMachineConfiguration: {
            imageReference: { publisher: "debian", offer: "debian-12", sku: "12" },
            nodeAgentSkuId: "batch.node.debian 12",
          },
        },
      },
    });
  } finally {
    management.close();
  }
  await session.nodesIdle("bench", NODES);
}

let jobs = 0;

async function askOnNodes(
  session: BatchSession,
  url: string,
  seconds: number,
  keepAlive: boolean,
  agentPid: number,
): Promise<Round> {
  const job = `imds-${++jobs}`;
  const startAt = Date.now() + AHEAD_MS;
  const load: MetadataLoad = { url, connections: CONNECTIONS_PER_NODE, startAt, seconds, keepAlive };
  await session.addJob(job, "bench");
  for (let node = 0; node < NODES; node++) {
    await session.call("POST", `/jobs/${job}/tasks`, {
      id: `t${node}`,
      commandLine: `/bin/sh -c 'exec "${NODE}" "${CLIENT}" "$(eval "echo \\"$LOAD\\"")"'`,
      environmentSettings: [{ name: "LOAD", value: JSON.stringify(load).replaceAll('"', '\\"') }],
    });
  }
  const spent = await cpuDuring(agentPid, startAt, seconds);
  await session.completed(job, NODES);
  const told = await Promise.all(
    Array.from({ length: NODES }, (_, node) =>
      session.call("GET", `/jobs/${job}/tasks/t${node}/files/stdout.txt`),
    ),
  );
  return round(told as Told[], seconds, spent);
}

interface Told {
  readonly answered: number;
}

function round(told: readonly Told[], seconds: number, cpu: number): Round {
  const answered = told.reduce((sum, each) => sum + each.answered, 0);
  return { perSecond: answered / seconds, perCpuSecond: answered / cpu };
}

/** As many clients, on the machine itself. */
async function askBeside(url: string, seconds: number, pid: number): Promise<Round> {
  const startAt = Date.now() + AHEAD_MS / 3;
  const load: MetadataLoad = { url, connections: CONNECTIONS_PER_NODE, startAt, seconds, keepAlive: true };
  const spent = cpuDuring(pid, startAt, seconds);
  const told = await Promise.all(
    Array.from({ length: NODES }, async () => {
      const { stdout } = await promisify(execFile)(NODE, [CLIENT, JSON.stringify(load)]);
      return JSON.parse(stdout) as Told;
    }),
  );
  return round(told, seconds, await spent);
}

async function cpuDuring(pid: number, startAt: number, seconds: number): Promise<number> {
  await until(startAt);
  const before = cpuSeconds(pid);
  await until(startAt + seconds * 1_000);
  return cpuSeconds(pid) - before;
}

function until(instant: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, instant - Date.now()));
}

async function startBareServer(): Promise<{ port: number; pid: number; stop(): void }> {
  const program = join(import.meta.dirname, "../peers/bare-http-server.ts");
  const child = endsWithBench(
    spawn(process.execPath, [program, String(BODY_BYTES)], { stdio: ["ignore", "pipe", "inherit"] }),
  );
  const [port] = await once(createInterface({ input: child.stdout }), "line");
  return { port: Number(port), pid: child.pid ?? 0, stop: () => void child.kill() };
}
