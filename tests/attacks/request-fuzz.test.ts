/**
 * What would be won: a service that ends, answers what it does not understand with a 500, or stands still for everybody because of one request. The
 * requests are made from the tables of operations, by a seed; FUZZ_REQUESTS and FUZZ_SEED ask for more, or for the same again.
 */
import { expect, test } from "vitest";
import { randomFrom } from "../e2e/chaos/seeded-random.ts";
import { fuzz } from "./fuzzed-service.ts";
import { oddRequest } from "./odd-requests.ts";

/** Once in CI in full: the other runs differ in their nodes, which no request reaches here. */
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? (process.geteuid?.() === 0 ? 20_000 : 1_000));
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_130);

test(
  "one of thousands of odd requests ends the service, is answered with a 500, or stops it for everybody",
  async () => {
    const random = randomFrom(SEED);
    const fuzzed = await fuzz(REQUESTS, ({ subscriptionId, tenantId }) =>
      oddRequest(random, subscriptionId, tenantId),
    );
    expect(fuzzed).toEqual({ unmeant: [], stalls: "", lastStatus: 200 });
  },
  REQUESTS * 20 + 60_000,
);
