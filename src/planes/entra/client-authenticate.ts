/** Client authentication (RFC 6749 section 2.3): who the client says it is, and whether its secret proves it. */
import { checkSecret } from "../../app/directory/client-secret.ts";
import type { Client, Tenant } from "../../app/directory/directory.ts";
import { aadsts, notBuilt } from "./aadsts.ts";
import type { EntraContext } from "./endpoint.ts";
import { type Form, requireParameter } from "./form.ts";

export interface ClientCredentials {
  readonly clientId: string;
  readonly secret: string | undefined;
}

/** The body's credentials, or the Basic header's. @throws Fault 900144 without a client id */
export function readClientCredentials({ exchange }: EntraContext, form: Form): ClientCredentials {
  const basic = form.client_secret ? undefined : basicCredentials(exchange.headers.authorization);
  if (basic !== undefined) return { clientId: form.client_id || basic.clientId, secret: basic.secret };
  return { clientId: requireParameter(form, "client_id"), secret: form.client_secret || undefined };
}

/**
 * The checks in the real service's order: known, credential given, right, not expired, enabled.
 * @throws Fault 700016, 7000216, 7000215, 7000222, 7000112
 */
export async function authenticateClient(
  { directory, clock, tenantName }: EntraContext,
  tenant: Tenant,
  { clientId, secret }: ClientCredentials,
  form: Form,
): Promise<Client> {
  const client = await directory.client(tenant.id, clientId);
  if (client === undefined)
    throw aadsts(700016, { client: clientId, tenant: tenant.displayName || tenantName });
  if (secret === undefined) {
    if (form.client_assertion) throw notBuilt("Signing in with a client assertion");
    throw aadsts(7000216);
  }
  const check = checkSecret(client, secret, clock());
  if (check !== "ok") throw aadsts(check === "wrong" ? 7000215 : 7000222, { client: client.appId });
  if (!client.enabled) throw aadsts(7000112, { client: client.appId, name: client.displayName });
  return client;
}

/** Both halves are form-encoded before they are joined (RFC 6749 section 2.3.1). @throws Fault 9002313 */
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
  throw aadsts(9002313, { reason: "the Authorization header is not valid Basic authentication." });
}

const formDecoded = (text: string): string => decodeURIComponent(text.replaceAll("+", " "));
