/**
 * A large blob up and down as one request each: through the service, to an Azurite that runs by itself over TLS, and to one in clear, in turn.
 * What the service's own process held at the most is told beside what it held before.
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import * as http from "node:http";
import * as https from "node:https";
import { join } from "node:path";
import { signedQuery } from "../../src/core/storage/sas.ts";
import type { BenchRow, Figure } from "../bench-row.ts";
import { type BlobMove, blobLoad } from "../load/blob-load.ts";
import { startAzurite } from "../peers/azurite-peer.ts";
import { ManagementSession } from "../service/management-session.ts";
import { memoryOf } from "../service/process-figures.ts";
import { type ServiceProcess, startService } from "../service/service-process.ts";

const NAME = "blobs";
const WAYS = ["up", "down"] as const;
/** The store by itself comes first: it is what the bar is about. */
const PEERS = [
  ["azurite, TLS", "https"],
  ["azurite, clear", "http"],
] as const;
const BARS = { up: { atMost: 1.1 }, down: { atMost: 1.3 } };

interface Account {
  readonly name: string;
  readonly key: Uint8Array;
  readonly url: string;
  readonly caFile: string;
}

export const blobs: BenchRow = {
  name: NAME,
  about: "a blob of 1 GB up and down, and what the service holds meanwhile",
  async run({ quick, rounds, folder, program, cacheFolder, progress }) {
    const megabytes = quick ? 256 : 1_024;
    const dataFolder = await mkdtemp(join(folder, "blobs-"));
    const service = await startService({ dataFolder, program, cacheFolder });
    const stops = [() => service.stop(), () => rm(dataFolder, { recursive: true, force: true })];
    const load = async (account: Account, pids: () => readonly number[]) => {
      const url = await blobUrl(account);
      const { move, close } = blobLoad({ url, caFile: account.caFile, pids: pids() }, megabytes * 2 ** 20);
      stops.unshift(async () => close());
      return { move, moves: { up: [] as BlobMove[], down: [] as BlobMove[] } };
    };
    try {
      const own = await load(await ownAccount(service), () => [service.pid, storePid(dataFolder)]);
      const peers: (typeof own)[] = [];
      for (const [, scheme] of PEERS) {
        const peer = await startAzurite(dataFolder, scheme);
        stops.unshift(peer.stop);
        peers.push(await load({ ...peer, name: peer.account }, () => [peer.pid]));
      }
      const idle = memoryOf([service.pid]).rss;
      for (let round = 0; round < rounds; round++) {
        for (const way of WAYS) {
          progress(`${NAME} ${way} ${round + 1}/${rounds}`);
          for (const { move, moves } of [own, ...peers]) moves[way].push(await move(way));
        }
      }
      const ofPeers = (way: (typeof WAYS)[number]) => peers.map(({ moves }) => moves[way]);
      return [
        ...WAYS.flatMap((way) => figures(`${megabytes} MB ${way}`, way, own.moves[way], ofPeers(way))),
        memory(idle, [...own.moves.up, ...own.moves.down]),
      ];
    } finally {
      for (const stop of stops) await stop();
    }
  },
};

function figures(
  what: string,
  way: (typeof WAYS)[number],
  own: readonly BlobMove[],
  peers: readonly (readonly BlobMove[])[],
): Figure[] {
  const seconds = (moves: readonly BlobMove[]) => moves.map((move) => move.seconds);
  const cpu = (moves: readonly BlobMove[]) =>
    moves.map(({ cpuSeconds }) => cpuSeconds.reduce((sum, of) => sum + of, 0));
  const [service, store] = [0, 1].map((process) => own.map(({ cpuSeconds }) => cpuSeconds[process] ?? 0));
  return PEERS.flatMap(([name], at): Figure[] => [
    {
      ...{ name: NAME, what, unit: "s", values: seconds(own) },
      against: { name, values: seconds(peers[at] ?? []) },
      ...(at === 0 && { bar: BARS[way] }),
    },
    {
      ...{ name: NAME, what: "  CPU, service and store", unit: "s", values: cpu(own) },
      against: { name, values: cpu(peers[at] ?? []) },
      detail: Object.fromEntries(
        own
          .map((_, round) => [`serviceCpu${round + 1}`, service?.[round] ?? 0])
          .concat(own.map((_, round) => [`storeCpu${round + 1}`, store?.[round] ?? 0])),
      ),
    },
  ]);
}

/** @param idle megabytes that the service held before */
function memory(idle: number, moves: readonly BlobMove[]): Figure {
  const peak = Math.max(...moves.map(({ peakRss }) => peakRss[0] ?? 0));
  return {
    name: NAME,
    what: "service's RSS, above idle",
    unit: "MB",
    values: [peak - idle],
    bar: { atMost: 150 },
    detail: { idleRss: idle, peakRss: peak },
  };
}

function storePid(dataFolder: string): number {
  return JSON.parse(readFileSync(join(dataFolder, "storage", "azurite.json"), "utf8")).pid;
}

async function ownAccount(service: ServiceProcess): Promise<Account> {
  const { subscriptionId, resourceGroup, storageAccount, blob, caFile } = service.ready;
  const management = await ManagementSession.open(service);
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
  const path = `${group}/providers/Microsoft.Storage/storageAccounts/${storageAccount}/listKeys`;
  const { keys } = (await management.post(path, "2023-01-01")) as { keys: { value: string }[] };
  management.close();
  const key = Buffer.from(keys[0]?.value ?? "", "base64");
  return { name: String(storageAccount), key, url: String(blob), caFile };
}

/** Of a blob in a container that is made here, with a signature of the account. */
async function blobUrl({ name, key, url, caFile }: Account): Promise<string> {
  const se = `${new Date(Date.now() + 3_600_000).toISOString().slice(0, 19)}Z`;
  const fields = { sv: "2021-12-02", ss: "b", srt: "sco", sp: "rwdlac", se };
  const query = signedQuery("account", { account: name }, fields, key);
  const headers = { "content-length": "0", "x-ms-version": "2021-12-02" };
  const path = `/bench?restype=container&${query}`;
  const options = { method: "PUT", headers, agent: false } as const;
  const sent = url.startsWith("https:")
    ? https.request(url + path, { ...options, ca: readFileSync(caFile) })
    : http.request(url + path, options);
  sent.end();
  const [reply] = (await once(sent, "response")) as [http.IncomingMessage];
  reply.resume();
  if (reply.statusCode !== 201) throw new Error(`a container was answered ${reply.statusCode}`);
  return `${url}/bench/large?${query}`;
}
