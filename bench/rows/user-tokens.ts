/**
 * What a signed-in user's tokens cost: codes redeemed, and refresh tokens rotated. Each is durable before it is answered, and
 * each is answered with an access token and an id token: two signatures.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { BenchRow, Figure } from "../bench-row.ts";
import { load, type MeasuredLoad } from "../load/load.ts";
import { startService } from "../service/service-process.ts";
import { codeIn, signIn } from "../service/signed-in-user.ts";

const CONNECTIONS = 32;

export const userTokens: BenchRow = {
  name: "user-tokens",
  about: "authorization codes issued and redeemed, and refresh tokens rotated",
  async run({ quick, rounds, folder, program, cacheFolder, progress }) {
    const count = quick ? 2_000 : 10_000;
    const dataFolder = await mkdtemp(join(folder, "user-tokens-"));
    const service = await startService({ dataFolder, program, cacheFolder });
    const { login, caFile } = service.ready;
    const once = (requests: readonly string[]): Promise<MeasuredLoad> =>
      load(service.pid, {
        url: login,
        caFile,
        connections: CONNECTIONS,
        requests,
        warmUp: 0,
        until: { requests: requests.length },
        keepBodies: true,
      });

    const issued: MeasuredLoad[] = [];
    const redeemed: MeasuredLoad[] = [];
    const refreshed: MeasuredLoad[] = [];
    try {
      const user = await signIn(service);
      for (let round = 0; round < rounds; round++) {
        progress(`user-tokens ${round + 1}/${rounds}: codes`);
        issued.push(await once(Array<string>(count).fill(user.codeRequest)));
        const codes = issued.at(-1)?.bodies.map(codeIn) ?? [];
        progress(`user-tokens ${round + 1}/${rounds}: redeemed`);
        redeemed.push(await once(codes.map(user.codeRedemption)));
        progress(`user-tokens ${round + 1}/${rounds}: refreshed`);
        refreshed.push(await once(refreshTokensIn(redeemed.at(-1)).map(user.refresh)));
        refreshTokensIn(refreshed.at(-1));
      }
    } finally {
      await service.stop();
      await rm(dataFolder, { recursive: true, force: true });
    }
    const figure = (what: string, loads: readonly MeasuredLoad[]): Figure => ({
      name: "user-tokens",
      what,
      unit: "/s",
      values: loads.map(({ perSecond }) => perSecond),
      detail: { perCpuSecond: loads.at(-1)?.perCpuSecond ?? 0, p99Ms: loads.at(-1)?.latency.p99 ?? 0 },
    });
    return [
      figure("codes issued to a session", issued),
      figure("codes redeemed", redeemed),
      figure("refresh tokens rotated", refreshed),
    ];
  },
};

/** @throws Error with the reply that has none */
function refreshTokensIn(loaded: MeasuredLoad | undefined): string[] {
  return (loaded?.bodies ?? []).map((body) => {
    const { refresh_token } = JSON.parse(body) as { refresh_token?: string };
    if (refresh_token === undefined) throw new Error(`no refresh token came back:\n${body}`);
    return refresh_token;
  });
}
