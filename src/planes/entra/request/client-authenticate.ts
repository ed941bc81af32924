/** Client authentication (RFC 6749 section 2.3): who the client says it is, and whether its secret or assertion proves it. */
import { checkSecret } from "../../../app/directory/client-secret.ts";
import type { Client, Tenant } from "../../../app/directory/directory.ts";
import { principalState } from "../../../app/directory/principal-state.ts";
import { aadsts } from "../../../app/sign-in/aadsts.ts";
import { verifyClientAssertion } from "../../../app/sign-in/client-assertion.ts";
import type { ClientProof } from "../../../core/token/access-token-claims.ts";
import type { EntraContext } from "./endpoint.ts";
import { type Form, requireParameter } from "./form.ts";

export interface ClientCredentials {
  readonly clientId: string;
  readonly secret: string | undefined;
  readonly assertion: string | undefined;
}

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** The body's credentials, or the Basic header's. @throws Fault 900144 without a client id, 90013 for another assertion type */
export function readClientCredentials({ exchange }: EntraContext, form: Form): ClientCredentials {
  const basic = form.client_secret ? undefined : basicCredentials(exchange.headers.authorization);
  if (basic !== undefined)
    return { clientId: form.client_id || basic.clientId, secret: basic.secret, assertion: undefined };
  const assertion = form.client_assertion || undefined;
  const type = form.client_assertion_type ?? "";
  if (assertion !== undefined && type !== ASSERTION_TYPE)
    throw aadsts(90013, { parameter: "client_assertion_type", value: type });
  return {
    clientId: requireParameter(form, "client_id"),
    secret: form.client_secret || undefined,
    assertion,
  };
}

/** @throws Fault 700016 for an application that the tenant does not know, 7000229 for one without its service principal there */
export async function requireClient(
  { directory }: EntraContext,
  tenant: Tenant,
  clientId: string,
): Promise<Client> {
  const client = await directory.client(tenant.id, clientId);
  if (client !== undefined) return client;
  const isHome = (await directory.homeTenantId(clientId)) === tenant.id;
  throw aadsts(isHome ? 7000229 : 700016, { client: clientId, tenant: tenant.displayName });
}

/**
 * The checks in the real service's order: credential given, right, not expired; then that the application is enabled.
 * @param tenant whose token endpoint was asked
 * @param missing what the lack of a credential is; undefined where a public client needs none
 * @throws Fault 7000216 or 7000218, 7000215, 7000222, 700025, those of an assertion, 7000112
 */
export async function proveClient(
  context: EntraContext,
  tenant: Tenant,
  client: Client,
  { secret, assertion }: ClientCredentials,
  missing: 7000216 | 7000218 | undefined,
): Promise<ClientProof> {
  const proof = await proofOf(context, tenant, client, secret, assertion);
  if (proof === "0" && missing !== undefined) throw aadsts(missing, { client: client.appId });
  if (!client.enabled) throw aadsts(7000112, { client: client.appId, name: client.displayName });
  return proof;
}

async function proofOf(
  context: EntraContext,
  tenant: Tenant,
  client: Client,
  secret: string | undefined,
  assertion: string | undefined,
): Promise<ClientProof> {
  if (secret === undefined && assertion === undefined) return "0";
  if (isPublicClient(client) && !hasCredential(client)) throw aadsts(700025);
  if (secret !== undefined) {
    const check = checkSecret(client, secret, context.clock());
    if (check !== "ok") throw aadsts(check === "wrong" ? 7000215 : 7000222, { client: client.appId });
    return "1";
  }
  await verifyClientAssertion(client, assertion ?? "", {
    isTokenEndpoint: (audience) => isTokenEndpoint(context, tenant, audience),
    issuerKeys: context.issuerKeys,
    memory: context.assertions,
    isGone: async (issuer, subject) => {
      const from = await context.directory.ownIssuer(issuer);
      if (from === undefined) return false;
      return (await principalState(context.directory.read, from.id, subject.toLowerCase())) !== "active";
    },
    now: context.clock(),
  });
  return "2";
}

/** Whether the application may sign users in without proving itself where no redirect URI tells. */
export function isPublicClient(client: Client): boolean {
  const { isFallbackPublicClient, publicClient, web } = client.registration;
  if (isFallbackPublicClient !== null) return isFallbackPublicClient;
  const looksPublic = publicClient.redirectUris.length > 0 && web.redirectUris.length === 0;
  return looksPublic && !hasCredential(client);
}

function hasCredential({ secrets, certificates, federatedCredentials }: Client): boolean {
  return secrets.length + certificates.length + federatedCredentials.length > 0;
}

const TOKEN_ENDPOINT =
  /^https:\/\/([^/?#]+)\/([^/?#]+)(?:\/(?:v2\.0\/?|oauth2\/token|oauth2\/v2\.0\/token)?)?$/i;
/** Azure's own names of the token service. */
export const AZURE_AUTHORITIES = /^(login\.microsoftonline\.com|login\.windows\.net|sts\.windows\.net)$/i;

/** Under Azure's name or our own; the tenant by id, domain or as it was asked for. */
function isTokenEndpoint({ isOwnAuthority, tenantName }: EntraContext, tenant: Tenant, audience: string) {
  const [, host = "", name = ""] = TOKEN_ENDPOINT.exec(audience) ?? [];
  if (host === "" || !(AZURE_AUTHORITIES.test(host) || isOwnAuthority(host.toLowerCase()))) return false;
  const names = [tenant.id, tenant.defaultDomain, tenantName].map((each) => each.toLowerCase());
  return names.includes(name.toLowerCase());
}

/** Both halves are form-encoded before they are joined (RFC 6749 section 2.3.1). @throws Fault 90013 */
function basicCredentials(
  authorization: string | undefined,
): { clientId: string; secret: string } | undefined {
  const encoded = /^basic +(\S+)$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, "base64").toString("utf8");
  const colon = pair.indexOf(":");
  try {
    const clientId = formDecoded(pair.slice(0, Math.max(colon, 0)));
    const secret = formDecoded(pair.slice(colon + 1));
    if (clientId && secret) return { clientId, secret };
  } catch {
    // An escape that does not decode is refused like a missing half.
  }
  throw aadsts(90013, { parameter: "Authorization", value: "Basic" });
}

const formDecoded = (text: string): string => decodeURIComponent(text.replaceAll("+", " "));
