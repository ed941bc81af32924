/**
 * Client-credential tokens per CPU-second of the service, over keep-alive connections, against the RSA signatures that openssl
 * makes in a CPU-second. One client that asks again and again gets the second's token once more (RS256 signs the same claims
 * to the same bytes), so that figure shows everything but the signature; many clients in turn cost a signature each.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { BenchRow, Figure } from "../bench-row.ts";
import { httpRequest } from "../load/http-request.ts";
import { load, type MeasuredLoad } from "../load/load.ts";
import { isInstalled } from "../peers/command.ts";
import { rsa2048SignaturesPerCpuSecond } from "../peers/openssl.ts";
import { tokenRequest } from "../service/batch-session.ts";
import { writePrincipalsSeed } from "../service/principals-seed.ts";
import { startService } from "../service/service-process.ts";

/** More than are served in a second, so that none meets its own token of the same second again. */
const CLIENTS = 10_000;
const CONNECTIONS = 32;

export const tokens: BenchRow = {
  name: "tokens",
  about: "client-credential tokens per CPU-second of the service",
  async run({ quick, rounds, folder, program, cacheFolder, progress }) {
    if (!isInstalled("openssl")) return [{ name: "tokens", skipped: "openssl is not installed" }];
    const seconds = quick ? 2 : 5;
    const dataFolder = await mkdtemp(join(folder, "tokens-"));
    const seedFile = `${dataFolder}.seed.json`;
    const principals = await writePrincipalsSeed(seedFile, CLIENTS);
    const service = await startService({ dataFolder, seedFile, program, cacheFolder });
    const { login, caFile, tenantId } = service.ready;
    const all = principals.map((client) => httpRequest(tokenRequest(tenantId, client)));
    const ask = (requests: readonly string[]): Promise<MeasuredLoad> =>
      load(service.pid, {
        url: login,
        caFile,
        connections: CONNECTIONS,
        requests,
        warmUp: Math.max(1_000, requests.length),
        until: { seconds },
      });

    const signatures: number[] = [];
    const one: MeasuredLoad[] = [];
    const many: MeasuredLoad[] = [];
    try {
      for (let round = 0; round < rounds; round++) {
        progress(`tokens ${round + 1}/${rounds}: openssl`);
        signatures.push(await rsa2048SignaturesPerCpuSecond(Math.ceil(seconds / 2)));
        progress(`tokens ${round + 1}/${rounds}: one client`);
        one.push(await ask(all.slice(0, 1)));
        progress(`tokens ${round + 1}/${rounds}: ${CLIENTS} clients`);
        many.push(await ask(all));
        if ((many.at(-1)?.perSecond ?? 0) > CLIENTS)
          throw new Error("too few clients: some tokens were not signed");
      }
    } finally {
      await service.stop();
      await rm(dataFolder, { recursive: true, force: true });
    }
    const figure = (what: string, loads: readonly MeasuredLoad[]): Figure => ({
      name: "tokens",
      what,
      unit: "/cpu-s",
      values: loads.map(({ perCpuSecond }) => perCpuSecond),
      against: { name: "openssl rsa2048", values: signatures },
      bar: { atLeast: 0.8 },
      detail: { tokensPerSecond: loads.at(-1)?.perSecond ?? 0, p99Ms: loads.at(-1)?.latency.p99 ?? 0 },
    });
    return [
      figure("tokens, one client", one),
      figure(`tokens, ${CLIENTS.toLocaleString("en")} clients`, many),
    ];
  },
};
