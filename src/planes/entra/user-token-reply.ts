/** Gives a user's tokens to a client: access token, and as asked for id token, refresh token and `client_info`. */
import type { Client } from "../../app/directory/directory.ts";
import type { User } from "../../app/directory/user.ts";
import { type DelegatedRequest, grantedScope } from "../../app/sign-in/delegated-request.ts";
import { refreshTokenEnd, type SignInFamily } from "../../app/sign-in/sign-in-family.ts";
import type { ClientProof } from "../../core/token/access-token-claims.ts";
import { FAMILY, isFamilyClient } from "../../wire/entra/first-party.ts";
import type { Granted } from "./grants/grant.ts";
import type { EntraContext } from "./request/endpoint.ts";
import type { Form } from "./request/form.ts";
import { requireServedResource } from "./request/requested-resource.ts";
import { accessTokenRequest, idTokenRequest } from "./request/token-request.ts";
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
  /** Of the browser's session behind it. */
  readonly sessionId?: string | undefined;
  /** What the sign-in led to before. */
  readonly family?: SignInFamily;
}

/**
 * @param refresh gives the refresh token once nothing stands against the grant any more; undefined for a flow that gives none
 * @throws Fault 500011, 50105, 650057, 65001, 650053
 */
export async function userTokenReply(
  context: EntraContext,
  form: Form,
  { client, proof, user, authAt, request, nonce, sessionId, family }: UserGrant,
  refresh: ((request: DelegatedRequest) => Promise<string>) | undefined,
): Promise<Granted> {
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
  const { tenantId, objectId } = user;
  const holder = { kind: "users", tenantId, objectId, sessionId, claims: form.claims } as const;
  const issued = await accessTokens.issueToUser({
    client,
    resource,
    audience,
    user,
    authAt,
    scopes,
    roles,
    proof,
    request: await accessTokenRequest(context, resource, holder),
  });
  const withIdToken = openId.includes("openid");
  const reply = {
    ...tokenReply(request, issued, clock()),
    scope: grantedScope(request, scopes),
    ...(refresh && openId.includes("offline_access") && { refresh_token: await refresh(request) }),
    ...(family?.platform === "spa" && { refresh_token_expires_in: secondsLeft(family, clock()) }),
    ...(isFamilyClient(client.appId) && { foci: FAMILY }),
    ...(withIdToken && {
      id_token: await idTokens({
        client,
        user,
        authAt,
        style,
        openId,
        request: await idTokenRequest(context, client, holder),
        nonce,
      }),
    }),
    ...(form.client_info === "1" && { client_info: clientInfo(user) }),
  };
  return {
    reply,
    signIn: { tenantId, principalId: objectId, appId: client.appId, resource: issued.audience },
  };
}

/** A single-page application's refresh tokens end at a fixed time. */
const secondsLeft = (family: SignInFamily, now: number): number =>
  Math.floor((refreshTokenEnd(family, now) - now) / 1000);

/** MSAL's name for the account. */
export function clientInfo({ objectId, tenantId }: User): string {
  return Buffer.from(JSON.stringify({ uid: objectId, utid: tenantId })).toString("base64url");
}
