/** What went wrong, with the code to look up and the ids to name to a support. Only a fault's public half is shown. */
import type { Fault } from "../../../core/fault.ts";
import type { Exchange } from "../../../http/exchange.ts";
import { faultDescription } from "../request/envelope.ts";
import { html } from "./html.ts";
import { replyPage } from "./page.ts";

/** @param now epoch milliseconds */
export function replyErrorPage(exchange: Exchange, fault: Fault, now: number): void {
  const { timestamp, traceId, correlationId } = faultDescription(exchange, fault, now);
  replyPage(exchange, {
    title: "Sign-in failed",
    status: fault.status ?? 400,
    body: html`<h1>Sorry, we could not sign you in</h1>
<p role="alert">${fault.code}: ${fault.message}</p>
<dl>
<dt>Error code</dt><dd>${fault.code}</dd>
<dt>Correlation ID</dt><dd>${correlationId}</dd>
<dt>Trace ID</dt><dd>${traceId}</dd>
<dt>Timestamp</dt><dd>${timestamp}</dd>
</dl>`,
  });
}
