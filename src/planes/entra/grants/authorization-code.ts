/** The authorization code grant (RFC 6749 section 4.1.3, RFC 7636): what the browser brought back, for tokens. */
import type { Client, Tenant } from "../../../app/directory/directory.ts";
import { aadsts } from "../../../app/sign-in/aadsts.ts";
import { authorizationCodeRedeem } from "../../../app/sign-in/authorization-code.ts";
import { refreshTokenIssue } from "../../../app/sign-in/refresh-token.ts";
import { checkSecretToken } from "../../../app/sign-in/secret-token.ts";
import type { Platform } from "../../../app/sign-in/sign-in.ts";
import { proveClient, readClientCredentials } from "../request/client-authenticate.ts";
import { isTenantless } from "../request/endpoint.ts";
import { requireParameter } from "../request/form.ts";
import { isPageOf } from "../request/portal-client.ts";
import {
  delegatedRequest,
  requireCurrentUser,
  requireTenantlessClient,
  requireUserClient,
} from "../request/user-client.ts";
import { userTokenReply } from "../user-token-reply.ts";
import type { Grant, GrantContext } from "./grant.ts";

export const authorizationCode: Grant = {
  grantTypes: ["authorization_code"],
  async issue(context) {
    const { form, tenant, directory, clock } = context;
    const credentials = readClientCredentials(context, form);
    const code = requireParameter(form, "code");
    checkSecretToken(code);
    const asked = delegatedRequest(context, form);
    const known = await clientAtEndpoint(context, credentials.clientId);
    const hasProof = credentials.secret !== undefined || credentials.assertion !== undefined;
    const proof = await proveClient(context, tenant, known, credentials, undefined);
    const { family, details } = await authorizationCodeRedeem(
      directory,
      {
        code,
        appId: known.appId,
        tenantId: isTenantless(context.tenantName) ? undefined : tenant.id,
        redirectUri: form.redirect_uri,
        verifier: form.code_verifier || undefined,
      },
      clock(),
      (redemption) => checkPlatform(context, known, redemption.family.platform, hasProof),
    );
    const user = await requireCurrentUser(context, family.tenantId, family.userId, family.authAt);
    const home = await requireHome(context, family.tenantId);
    const client = await requireUserClient(context, home, known.appId);
    // What the code was asked for decides about id and refresh token; the resource may be named again.
    const request = asked === undefined ? details.request : { ...asked, openId: details.request.openId };
    const { authAt, sessionId } = family;
    const grant = { client, proof, user, authAt, request, nonce: details.nonce, sessionId, family };
    return userTokenReply(context, form, grant, (final) =>
      refreshTokenIssue(directory, family, final, clock()),
    );
  },
};

export async function clientAtEndpoint(context: GrantContext, clientId: string): Promise<Client> {
  const { tenant, tenantName } = context;
  return isTenantless(tenantName)
    ? requireTenantlessClient(context, tenant, clientId)
    : requireUserClient(context, tenant, clientId);
}

export async function requireHome({ directory }: GrantContext, tenantId: string): Promise<Tenant> {
  const tenant = await directory.tenant(tenantId);
  if (tenant === undefined) throw aadsts(90002, { tenant: tenantId });
  return tenant;
}

/**
 * A web application proves itself; a script of a page does not, and is at the origin of a registered redirect URI; nobody else is
 * at another origin than ours.
 * @throws Fault 7000218, 9002326, 9002327
 */
export function checkPlatform(
  context: GrantContext,
  client: Client,
  platform: Platform,
  hasProof: boolean,
): void {
  const { exchange } = context;
  const { origin } = exchange.headers;
  if (platform === "spa") {
    if (origin === undefined) throw aadsts(9002327);
    if (!isPageOf(context, client, origin)) throw aadsts(9002326, { origin });
    return;
  }
  if (origin !== undefined && origin !== exchange.origin) throw aadsts(9002326, { origin });
  if (platform === "web" && !hasProof) throw aadsts(7000218, { client: client.appId });
}
