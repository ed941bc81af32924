/**
 * What the plain HTTP port answers: `/health`, and on loopback whatever pages a plane hands in. Beyond loopback nothing but
 * health is ever sent in clear.
 */

import { notFound } from "./dispatch.ts";
import type { Handler } from "./exchange.ts";

export interface PlainPortOptions {
  readonly version: string;
  /** What keeps the service from taking in more; undefined when nothing does. */
  readonly trouble: () => string | undefined;
  /** Served when the port is bound to loopback only. */
  readonly pages?: Handler | undefined;
}

export function plainPort({ version, trouble, pages = notFound }: PlainPortOptions): Handler {
  return (exchange) => {
    if (exchange.path !== "/health") return pages(exchange);
    const status = trouble();
    exchange.replyJson(status === undefined ? 200 : 503, ["cache-control", "no-store"], {
      status: status ?? "ok",
      version,
      pid: process.pid,
    });
  };
}
