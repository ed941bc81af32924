/** Who asks. A token outlives the principal it was issued to by up to its lifetime; here it opens nothing once that one is gone. */
import type { TokenPrincipal, TokenRefusal } from "../../../app/directory/access-token-verify.ts";
import { directoryRolesOf } from "../../../app/directory/directory-role.ts";
import { Fault } from "../../../core/fault.ts";
import type { Exchange } from "../../../http/exchange.ts";
import { GRAPH_RESOURCE_NAMES } from "../../../wire/entra/resources.ts";
import type { Caller, GraphPlane } from "./context.ts";

const NO_ROLES: ReadonlySet<string> = new Set();

/** @throws Fault InvalidAuthenticationToken (401) */
export async function authenticate(plane: GraphPlane, exchange: Exchange): Promise<Caller> {
  const principal = verifiedPrincipal(plane, exchange);
  const { kind, tenantId, objectId, appId, scopes, roles } = principal;
  const isUser = kind === "User";
  const state = await plane.access.stateOf(principal);
  if (state === "gone")
    throw unauthenticated("The access token's user or application is no longer in the directory.");
  if (state === "disabled") throw unauthenticated("The access token's user or application is disabled.");
  return {
    kind,
    tenantId,
    objectId,
    appId,
    // A user's app roles say what the user is to the application, and give it no permission.
    appRoles: isUser ? [] : roles,
    scopes,
    directoryRoles: isUser ? await directoryRolesOf(plane.directory, tenantId, objectId) : NO_ROLES,
  };
}

function verifiedPrincipal({ tokens }: GraphPlane, exchange: Exchange): TokenPrincipal {
  const token = /^Bearer +([^ ]+) *$/i.exec(exchange.headers.authorization ?? "")?.[1];
  if (token === undefined) throw unauthenticated("The request has no access token.");
  const audiences = [...GRAPH_RESOURCE_NAMES, exchange.origin, `${exchange.origin}/`];
  const verdict = tokens.verify(token, { audiences });
  if (!verdict.ok) throw unauthenticated(REFUSALS[verdict.reason]);
  return verdict.principal;
}

const REFUSALS: Record<TokenRefusal["reason"], string> = {
  malformed: "The access token is not a JSON Web Token of this service.",
  badSignature: "The access token's signature is not valid.",
  notYetValid: "The access token is not valid yet.",
  expired: "The access token's lifetime is over.",
  wrongAudience: "The access token is for another audience than Microsoft Graph.",
  foreignTenant: "The access token names one tenant as its own and another as its issuer.",
};

const unauthenticated = (message: string) =>
  new Fault("InvalidAuthenticationToken", message, { status: 401 });
