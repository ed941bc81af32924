/**
 * What the plain HTTP port answers: `/health`, and on loopback whatever pages a plane hands in. Beyond loopback nothing but
 * health is ever sent in clear.
 */

import { notFound } from "./dispatch.ts";
import type { Handler } from "./exchange.ts";

export interface PlainPortOptions {
  readonly version: string;
  /** Served when the port is bound to loopback only. */
  readonly pages?: Handler | undefined;
}

export function plainPort({ version, pages = notFound }: PlainPortOptions): Handler {
  return (exchange) => {
    if (exchange.path !== "/health") return pages(exchange);
    exchange.replyJson(200, ["cache-control", "no-store"], { status: "ok", version, pid: process.pid });
  };
}
