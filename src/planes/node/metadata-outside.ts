/**
 * The instance metadata service as it is outside of nodes: there is none, and whoever asks here for an identity's token gets what a
 * machine without identities answers. A node's own endpoint is its agent's.
 */
import type { IdentityRequests } from "../../app/identities/identity-requests.ts";
import type { Exchange, Handler } from "../../http/exchange.ts";
import { strangerAt } from "./stranger.ts";

const REASON = "Identity not found";

/** Answers `/metadata/…` by whatever name this service was called. */
export function metadataOutside(requests: IdentityRequests): Handler {
  return async (exchange) => {
    const { request, method, authority, shortPath } = exchange;
    await requests.ofStranger(
      {
        operation: "Metadata_Request",
        target: `${method} ${authority.name}${shortPath}`,
        ...strangerAt(request.socket),
      },
      400,
      REASON,
    );
    exchange.replyJson(400, ["cache-control", "no-store"], {
      error: "invalid_request",
      error_description: REASON,
    });
  };
}

/** For a port whose other paths are somebody else's. */
export function metadataOrElse(metadata: Handler, otherwise: Handler): Handler {
  return (exchange: Exchange) =>
    /^\/metadata(\/|$)/i.test(exchange.path) ? metadata(exchange) : otherwise(exchange);
}
