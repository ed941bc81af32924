/**
 * What would be won: a token service that ends, answers with a 500 or stands still for everybody, by what a stranger sends to one of its endpoints. By
 * a seed; FUZZ_REQUESTS and FUZZ_SEED ask for more, or for the same again.
 */
import { expect, test } from "vitest";
import { randomFrom } from "../e2e/chaos/seeded-random.ts";
import { fuzz } from "./fuzzed-service.ts";
import { oddSignIn } from "./odd-sign-ins.ts";

/** Once in CI in full. */
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? (process.geteuid?.() === 0 ? 6_000 : 500));
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_201);

test(
  "one of thousands of odd sign-ins ends the service, is answered with a 500, or stops it for everybody",
  async () => {
    const random = randomFrom(SEED);
    const fuzzed = await fuzz(REQUESTS, (ready) => oddSignIn(random, ready));
    expect(fuzzed).toEqual({ unmeant: [], stalls: "", lastStatus: 200 });
  },
  REQUESTS * 20 + 60_000,
);
