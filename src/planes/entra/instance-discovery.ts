/**
 * Instance discovery: tells a client whether an authority may be trusted and which names it goes by. Unasked-for hosts are
 * refused, so that no client is ever sent to a stranger.
 */
import { aadsts } from "../../app/sign-in/aadsts.ts";
import type { Endpoint } from "./request/endpoint.ts";
import { replyDocument } from "./request/envelope.ts";

const PUBLIC_CLOUD_NAMES = [
  "login.microsoftonline.com",
  "login.windows.net",
  "login.microsoft.com",
  "sts.windows.net",
];

export const instanceDiscovery: Endpoint = {
  methods: ["GET"],
  paths: ["discovery/instance"],
  isDiscovery: true,
  handle({ exchange, isOwnAuthority }) {
    const authorizationEndpoint = exchange.query.get("authorization_endpoint");
    if (authorizationEndpoint === undefined) throw aadsts(900144, { parameter: "authorization_endpoint" });
    const [, authority = "", tenant = "", path = ""] =
      /^https:\/\/([^/?#]+)\/([^/?#]+)\/?([^?#]*)/i.exec(authorizationEndpoint) ?? [];
    const host = authority.toLowerCase();
    const isPublicCloud = PUBLIC_CLOUD_NAMES.includes(host);
    if (tenant === "" || !(isPublicCloud || isOwnAuthority(host))) {
      throw aadsts(50049, { authority: authorizationEndpoint });
    }
    const version = path.toLowerCase().startsWith("oauth2/v2.0/") ? "/v2.0" : "";
    replyDocument(exchange, {
      tenant_discovery_endpoint: `https://${host}/${tenant}${version}/.well-known/openid-configuration`,
      "api-version": "1.1",
      metadata: [
        {
          preferred_network: PUBLIC_CLOUD_NAMES[0],
          preferred_cache: PUBLIC_CLOUD_NAMES[1],
          aliases: PUBLIC_CLOUD_NAMES,
        },
        ...(isPublicCloud ? [] : [{ preferred_network: host, preferred_cache: host, aliases: [host] }]),
      ],
    });
  },
};
