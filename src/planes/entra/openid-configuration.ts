/**
 * The discovery documents (OpenID Connect Discovery 1.0 section 4): v1, v2 and the ADFS style. Every URL is on the host that
 * the client asked, so that a client stays in the mode it came by; Host is on the allow-list by then.
 */
import { accessTokenIssuer } from "../../core/token/access-token-claims.ts";
import { type Endpoint, type EntraContext, isTenantless, requireTenant } from "./request/endpoint.ts";
import { replyDocument } from "./request/envelope.ts";
import { ledFrom, pagesBase } from "./request/pages-address.ts";

/** The directory of personal accounts. */
const PERSONAL_ACCOUNTS = "9188040d-6c67-4c5b-b112-36a304b66dad";

const V1 = ".well-known/openid-configuration";
const V2 = "v2.0/.well-known/openid-configuration";

export const openidConfiguration: Endpoint = {
  methods: ["GET"],
  paths: [V1, V2],
  isDiscovery: true,
  async handle(context) {
    const { exchange, path, tenantName } = context;
    const { id } = await requireTenant(context);
    const isAdfs = tenantName.toLowerCase() === "adfs";
    const isCommon = isTenantless(tenantName);
    // Clients fill this placeholder in with the tenant that the token names.
    const isPersonal = tenantName.toLowerCase() === "consumers";
    const issuerTenant = isPersonal ? PERSONAL_ACCOUNTS : isCommon ? "{tenantid}" : id;
    const base = `${exchange.origin}/${isAdfs || isCommon ? tenantName.toLowerCase() : id}`;
    if (isAdfs) return replyDocument(exchange, document(context, base, "", base));
    if (path === V1)
      return replyDocument(exchange, document(context, base, "", accessTokenIssuer(issuerTenant)));
    replyDocument(exchange, document(context, base, "v2.0/", `${exchange.origin}/${issuerTenant}/v2.0`));
  },
};

/** @param version the part of the endpoints' paths that tells it: empty or `v2.0/` */
function document(context: EntraContext, base: string, version: string, issuer: string) {
  const { exchange } = context;
  const isAzureName = exchange.authority.answeredAs !== "local";
  const { host } = exchange.authority;
  const graph = isAzureName ? "https://graph.microsoft.com" : exchange.origin;
  const pages = `${pagesBase(context)}${base.slice(exchange.origin.length)}`;
  const led = ledFrom(context);
  return {
    issuer,
    // An id token that comes from there has this document's issuer, whatever name the pages go by.
    authorization_endpoint: `${pages}/oauth2/${version}authorize${led}`,
    token_endpoint: `${base}/oauth2/${version}token`,
    device_authorization_endpoint: `${base}/oauth2/${version}devicecode`,
    end_session_endpoint: `${pages}/oauth2/${version}logout${led}`,
    userinfo_endpoint: version === "" ? `${base}/openid/userinfo` : `${graph}/oidc/userinfo`,
    jwks_uri: `${base}/discovery/${version}keys`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic", "private_key_jwt"],
    response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
    response_modes_supported: ["query", "fragment", "form_post"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    token_endpoint_auth_signing_alg_values_supported: ["RS256", "PS256"],
    request_uri_parameter_supported: false,
    frontchannel_logout_supported: true,
    frontchannel_logout_session_supported: true,
    http_logout_supported: true,
    claims_supported: [
      "sub",
      "iss",
      "aud",
      "exp",
      "iat",
      "auth_time",
      "acr",
      "nonce",
      "preferred_username",
      "name",
      "tid",
      "ver",
      "at_hash",
      "c_hash",
      "email",
    ],
    tenant_region_scope: "WW",
    cloud_instance_name: isAzureName ? "microsoftonline.com" : host,
    cloud_graph_host_name: isAzureName ? "graph.windows.net" : host,
    msgraph_host: isAzureName ? "graph.microsoft.com" : host,
    rbac_url: "https://pas.windows.net",
  };
}
