/** The key document (RFC 7517): the public halves of all keys whose tokens may still be out. */
import { type Endpoint, isTenantless, requireTenant } from "./request/endpoint.ts";
import { replyDocument } from "./request/envelope.ts";

export const jwks: Endpoint = {
  methods: ["GET"],
  paths: ["discovery/keys", "discovery/v2.0/keys"],
  isDiscovery: true,
  async handle(context) {
    const { exchange, tenantName, path, publishedKeys } = context;
    const { id } = await requireTenant(context);
    const issuer = `${exchange.origin}/${isTenantless(tenantName) ? "{tenantid}" : id}/v2.0`;
    // Keys of version 1 are for tokens of any issuer, and name none.
    const named = path.includes("/v2.0/") ? { issuer } : {};
    replyDocument(exchange, { keys: publishedKeys().map((key) => ({ ...key, ...named })) });
  },
};
