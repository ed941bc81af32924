/** What a token tells of the request that asked for it: by which address, from where, and of what the client is capable. */
import type { Client } from "../../../app/directory/directory.ts";
import { aadsts } from "../../../app/sign-in/aadsts.ts";
import { type TokenHolder, tokenMemberships } from "../../../app/sign-in/token-memberships.ts";
import type { TokenRequest } from "../../../core/token/access-token-claims.ts";
import { AZURE_AUTHORITIES } from "./client-authenticate.ts";
import { type EntraContext, isTenantless } from "./endpoint.ts";

export interface TokenRequested extends TokenHolder {
  readonly sessionId?: string | undefined;
  /** The request's parameter `claims`. */
  readonly claims: string | undefined;
}

/** @param resource the token is for. @throws Fault 90013 */
export async function accessTokenRequest(
  context: EntraContext,
  resource: Client,
  requested: TokenRequested,
): Promise<TokenRequest> {
  const claims = resource.registration.optionalClaims?.accessToken;
  return {
    ...requestOf(context, requested),
    memberships: await tokenMemberships(context.directory, resource, claims, requested),
  };
}

/** @param client the token is for. @throws Fault 90013 */
export async function idTokenRequest(
  context: EntraContext,
  client: Client,
  requested: TokenRequested,
): Promise<TokenRequest> {
  const claims = client.registration.optionalClaims?.idToken;
  return {
    ...requestOf(context, requested),
    memberships: await tokenMemberships(context.directory, client, claims, requested),
  };
}

function requestOf(context: EntraContext, { tenantId, sessionId, claims }: TokenRequested) {
  const { exchange } = context;
  return {
    issuer: issuerAt(context, tenantId),
    requestId: exchange.id,
    source: exchange.source,
    sessionId,
    canBeChallenged: canBeChallenged(claims),
  };
}

/** The issuer of version 2 as the discovery document says it that led here (OpenID Connect Core section 3.1.3.7). */
export function issuerAt({ exchange, path, tenantName }: EntraContext, tenantId: string): string {
  const host = path.slice(path.lastIndexOf("/") + 1);
  if (AZURE_AUTHORITIES.test(host)) return `https://${host}/${tenantId}/v2.0`;
  const isAdfs = tenantName.toLowerCase() === "adfs" && !isTenantless(tenantName);
  return isAdfs ? `${exchange.origin}/adfs` : `${exchange.origin}/${tenantId}/v2.0`;
}

/** "Claims challenges, claims requests and client capabilities": `cp1` of `xms_cc`. */
function canBeChallenged(claims: string | undefined): boolean {
  if (!claims) return false;
  const values = member(member(member(parsed(claims), "access_token"), "xms_cc"), "values");
  return (
    Array.isArray(values) &&
    values.some((value) => typeof value === "string" && value.toLowerCase() === "cp1")
  );
}

function parsed(claims: string): unknown {
  try {
    return JSON.parse(claims);
  } catch {
    throw aadsts(90013, { parameter: "claims", value: claims });
  }
}

const member = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
