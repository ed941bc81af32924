/**
 * The instance metadata service as it is outside of nodes: there is none, and whoever asks here for an identity's token gets what a
 * machine without identities answers. A node's own endpoint is its agent's.
 */
import type { IdentityRequests } from "../../app/identities/identity-requests.ts";
import type { Exchange, Handler } from "../../http/exchange.ts";

const REASON = "Identity not found";

export interface MetadataOutside {
  readonly requests: IdentityRequests;
  /** To which the installation's own affairs belong. */
  readonly tenantId: string;
}

/** Answers `/metadata/…` by whatever name this service was called. */
export function metadataOutside({ requests, tenantId }: MetadataOutside): Handler {
  return (exchange) => {
    const { request, method, authority, shortPath } = exchange;
    requests.ofStranger(
      {
        tenantId,
        operation: "Metadata_Request",
        target: `${method} ${authority.name}${shortPath}`,
        from: request.socket.remoteAddress ?? "",
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
