/** The reply that gives a user's tokens to a client: access token, and as asked for id token, refresh token and `client_info`. */
import type { ClientProof } from "../../app/directory/access-token.ts";
import type { Client } from "../../app/directory/directory.ts";
import type { User } from "../../app/directory/user.ts";
import { type DelegatedRequest, grantedScope } from "../../app/sign-in/delegated-request.ts";
import { AZURE_AUTHORITIES } from "./request/client-authenticate.ts";
import { type EntraContext, isTenantless } from "./request/endpoint.ts";
import type { Form } from "./request/form.ts";
import { requireServedResource } from "./request/requested-resource.ts";
import { checkAssigned, requireApiPermission } from "./request/user-client.ts";
import { tokenReply } from "./token-reply.ts";

export interface UserGrant {
  readonly client: Client;
  readonly proof: ClientProof;
  readonly user: User;
  /** Epoch milliseconds. */
  readonly authAt: number;
  readonly request: DelegatedRequest;
  readonly nonce?: string | undefined;
}

/**
 * @param refresh gives the refresh token once nothing stands against the grant any more; undefined for a flow that gives none
 * @throws Fault 500011, 50105, 650057, 65001, 650053
 */
export async function userTokenReply(
  context: EntraContext,
  form: Form,
  { client, proof, user, authAt, request, nonce }: UserGrant,
  refresh: ((request: DelegatedRequest) => Promise<string>) | undefined,
): Promise<object> {
  const { directory, accessTokens, idTokens, clock } = context;
  const { audience, openId, style } = request;
  const tenant = (await directory.tenant(user.tenantId)) ?? {
    id: user.tenantId,
    displayName: "",
    defaultDomain: "",
  };
  const resource = await requireServedResource(context, audience, tenant);
  await checkAssigned(context, client, user);
  const permitted = await requireApiPermission(context, client, resource, request, user);
  // That a refresh token comes along is no permission of the resource.
  const scopes = permitted.filter((scope) => scope !== "offline_access");
  const roles = await directory.appRoles(user.objectId, resource);
  const issued = await accessTokens.issueToUser({
    client,
    resource,
    audience,
    user,
    authAt,
    scopes,
    roles,
    proof,
  });
  const withIdToken = openId.includes("openid");
  return {
    ...tokenReply(request, issued, clock()),
    scope: grantedScope(request, scopes),
    ...(refresh && openId.includes("offline_access") && { refresh_token: await refresh(request) }),
    ...(withIdToken && {
      id_token: await idTokens({
        appId: client.appId,
        user,
        authAt,
        style,
        issuer: idTokenIssuer(context, user.tenantId),
        nonce,
      }),
    }),
    ...(form.client_info === "1" && { client_info: clientInfo(user) }),
  };
}

/** As the discovery document says it that led here (OpenID Connect Core section 3.1.3.7). */
export function idTokenIssuer({ exchange, path, tenantName }: EntraContext, tenantId: string): string {
  const host = path.slice(path.lastIndexOf("/") + 1);
  if (AZURE_AUTHORITIES.test(host)) return `https://${host}/${tenantId}/v2.0`;
  const isAdfs = tenantName.toLowerCase() === "adfs" && !isTenantless(tenantName);
  return isAdfs ? `${exchange.origin}/adfs` : `${exchange.origin}/${tenantId}/v2.0`;
}

/** MSAL's name for the account. */
export function clientInfo({ objectId, tenantId }: User): string {
  return Buffer.from(JSON.stringify({ uid: objectId, utid: tenantId })).toString("base64url");
}
