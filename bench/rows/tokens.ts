/**
 * Client-credential tokens per CPU-second of the service, over keep-alive connections, against the RSA signatures that openssl
 * makes in a CPU-second. One client that asks again and again gets the second's token once more (RS256 signs the same claims
 * to the same bytes), so that figure shows everything but the signature; many clients in turn cost a signature each, and are
 * held against `oidc-provider`, which gets the same requests.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BenchRow, Figure } from "../bench-row.ts";
import { httpRequest } from "../load/http-request.ts";
import { load, type MeasuredLoad } from "../load/load.ts";
import { isInstalled } from "../peers/command.ts";
import { rsa2048SignaturesPerCpuSecond } from "../peers/openssl.ts";
import { peerPackages } from "../peers/peer-packages.ts";
import { startTlsPeer, type TlsPeer } from "../peers/tls-peer.ts";
import {
  BATCH_AUDIENCE,
  type Credentials,
  oidcTokenRequest,
  tokenRequest,
} from "../service/batch-session.ts";
import { writePrincipalsSeed } from "../service/principals-seed.ts";
import { startService } from "../service/service-process.ts";

/** More than are served in a second, so that none meets its own token of the same second again. */
const CLIENTS = 10_000;
const CONNECTIONS = 32;
const oidcProvider = peerPackages("oidc-provider", ["oidc-provider@9.13.3"]);

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
    const own = { pid: service.pid, url: login, caFile };
    const all = principals.map((client) => httpRequest(tokenRequest(tenantId, client)));
    const ask = (
      on: Omit<TlsPeer, "stop">,
      requests: readonly string[],
      warmUp: number,
    ): Promise<MeasuredLoad> =>
      load(on.pid, {
        url: on.url,
        caFile: on.caFile,
        connections: CONNECTIONS,
        requests,
        warmUp,
        until: { seconds },
      });

    const lacking = await oidcProvider.missing();
    const peer = lacking === undefined ? await startOidcProvider(dataFolder, principals) : undefined;
    const asked = principals.map((client) => httpRequest(oidcTokenRequest(client)));
    const signatures: number[] = [];
    const one: MeasuredLoad[] = [];
    const many: MeasuredLoad[] = [];
    const theirs: MeasuredLoad[] = [];
    try {
      for (let round = 0; round < rounds; round++) {
        progress(`tokens ${round + 1}/${rounds}: openssl`);
        signatures.push(await rsa2048SignaturesPerCpuSecond(Math.ceil(seconds / 2)));
        progress(`tokens ${round + 1}/${rounds}: one client`);
        one.push(await ask(own, all.slice(0, 1), 1_000));
        progress(`tokens ${round + 1}/${rounds}: ${CLIENTS} clients`);
        many.push(await ask(own, all, CLIENTS));
        if ((many.at(-1)?.perSecond ?? 0) > CLIENTS)
          throw new Error("too few clients: some tokens were not signed");
        if (peer === undefined) continue;
        progress(`tokens ${round + 1}/${rounds}: oidc-provider`);
        theirs.push(await ask(peer, asked, quick ? CLIENTS / 5 : CLIENTS));
      }
    } finally {
      await peer?.stop();
      await service.stop();
      await rm(dataFolder, { recursive: true, force: true });
    }
    const figure = (what: string, loads: readonly MeasuredLoad[]): Figure => ({
      name: "tokens",
      what,
      unit: "/cpu-s",
      values: loads.map(({ perCpuSecond }) => perCpuSecond),
      against: { name: "openssl rsa2048", values: signatures },
      bar: { atLeast: 0.85 },
      detail: { tokensPerSecond: loads.at(-1)?.perSecond ?? 0, p99Ms: loads.at(-1)?.latency.p99 ?? 0 },
    });
    const ofMany = figure(`tokens, ${CLIENTS.toLocaleString("en")} clients`, many);
    const beside: Figure = {
      ...ofMany,
      what: "  the same",
      against: { name: "oidc-provider", values: theirs.map(({ perCpuSecond }) => perCpuSecond) },
      bar: { atLeast: 1.2 },
    };
    return [
      figure("tokens, one client", one),
      ofMany,
      lacking === undefined ? beside : { name: "tokens", skipped: `oidc-provider: ${lacking}` },
    ];
  },
};

/** @throws Error unless what it issues is a token signed with RS256 */
async function startOidcProvider(folder: string, clients: readonly Credentials[]): Promise<TlsPeer> {
  const clientsFile = join(folder, "clients.json");
  await writeFile(clientsFile, JSON.stringify(clients), { mode: 0o600 });
  const words = [oidcProvider.folder, clientsFile, BATCH_AUDIENCE];
  const peer = await startTlsPeer(folder, "oidc-provider-server.ts", words);
  const { bodies } = await load(peer.pid, {
    url: peer.url,
    caFile: peer.caFile,
    connections: 1,
    requests: clients.slice(0, 1).map((client) => httpRequest(oidcTokenRequest(client))),
    warmUp: 0,
    until: { requests: 1 },
    keepBodies: true,
  });
  const { access_token: token = "" } = JSON.parse(bodies[0] ?? "{}") as { access_token?: string };
  const { alg } = JSON.parse(Buffer.from(token.split(".", 1)[0] ?? "", "base64url").toString() || "{}");
  if (alg === "RS256" && token.split(".", 3)[2]?.length === 342) return peer;
  await peer.stop();
  throw new Error(`oidc-provider issued no RS256 token of 2048 bits: ${bodies[0]}`);
}
