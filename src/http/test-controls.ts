/**
 * Controls for tests, on the plain port under `/test-controls/`: reading and moving the service's clock. Only there with
 * `--test-controls`, only on loopback, and not for browsers: a page of some website must not reach them.
 */
import type { Exchange, Handler } from "./exchange.ts";

export interface TestControls {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Resolves when what depends on time has been brought up to it. */
  readonly advance: (milliseconds: number) => Promise<void>;
}

const CLOCK = "/test-controls/clock";
/** A step of ten years at the most: beyond, dates stop being dates. */
const MAX_ADVANCE_MS = 10 * 366 * 86_400_000;
const MAX_BODY_BYTES = 1024;

export function testControls({ now, advance }: TestControls, otherwise: Handler): Handler {
  return async (exchange) => {
    if (exchange.path !== CLOCK) return otherwise(exchange);
    if (exchange.headers.origin !== undefined || exchange.headers["sec-fetch-site"] !== undefined)
      return refuse(exchange, 403, "Not for browsers.");
    if (exchange.method === "POST") {
      const milliseconds = readAdvance(await exchange.readBody(MAX_BODY_BYTES));
      if (milliseconds === undefined)
        return refuse(exchange, 400, "The body is { advanceMilliseconds }, from 0 to ten years.");
      await advance(milliseconds);
    } else if (exchange.method !== "GET") return refuse(exchange, 405, "GET or POST.");
    exchange.replyJson(200, ["cache-control", "no-store"], { now: new Date(now()).toISOString() });
  };
}

/** The clock never goes back: what is stored would lie in the future. */
function readAdvance(body: Buffer): number | undefined {
  try {
    const { advanceMilliseconds } = JSON.parse(body.toString("utf8")) as { advanceMilliseconds?: unknown };
    const isSane =
      typeof advanceMilliseconds === "number" &&
      Number.isSafeInteger(advanceMilliseconds) &&
      advanceMilliseconds >= 0 &&
      advanceMilliseconds <= MAX_ADVANCE_MS;
    return isSane ? advanceMilliseconds : undefined;
  } catch {
    return undefined;
  }
}

function refuse(exchange: Exchange, status: number, message: string): void {
  exchange.replyJson(status, [], { error: { code: "InvalidInput", message } });
}
