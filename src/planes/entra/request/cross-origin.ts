/**
 * Replies that a page's script may read. At the token endpoint those to an application that has the page's origin among its
 * single-page redirect URIs, refusals included; to everyone else the browser shows nothing. Source: "Microsoft identity platform and OAuth 2.0
 * authorization code flow", on the redirect URI type `spa` and CORS.
 */
import type { Exchange } from "../../../http/exchange.ts";
import type { EntraContext } from "./endpoint.ts";
import { isPageOf } from "./portal-client.ts";

/** Before the grant is looked at: why it is refused is the page's to know, too. */
export async function allowPageToRead(
  context: EntraContext,
  origin: string,
  clientId: string | undefined,
): Promise<void> {
  if (!clientId) return;
  const { exchange, directory } = context;
  const home = await directory.homeTenantId(clientId);
  const client = home === undefined ? undefined : await directory.client(home, clientId);
  if (client === undefined || !isPageOf(context, client, origin)) return;
  exchange.response.setHeader("access-control-allow-origin", origin);
  exchange.response.setHeader("vary", "origin");
}

/** A script asks whether it may send headers of its own. Which application it is for the browser does not say yet. */
export function replyPreflight(exchange: Exchange): void {
  const { origin, "access-control-request-headers": asked } = exchange.headers;
  const headers = ["access-control-allow-methods", "POST, OPTIONS", "access-control-max-age", "600"];
  if (origin !== undefined) headers.push("access-control-allow-origin", origin, "vary", "origin");
  if (asked !== undefined && /^[\w-]+(\s*,\s*[\w-]+)*$/.test(asked))
    headers.push("access-control-allow-headers", asked);
  exchange.reply(204, headers);
}
