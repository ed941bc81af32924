/** The refresh token grant (RFC 6749 section 6): for the same resource again, or for another that was consented to. */
import { aadsts } from "../../../app/sign-in/aadsts.ts";
import { refreshTokenFind, refreshTokenRenew } from "../../../app/sign-in/refresh-token.ts";
import { checkSecretToken } from "../../../app/sign-in/secret-token.ts";
import { isPublicClient, proveClient, readClientCredentials } from "../request/client-authenticate.ts";
import { isTenantless } from "../request/endpoint.ts";
import { requireParameter } from "../request/form.ts";
import { delegatedRequest, requireCurrentUser, requireUserClient } from "../request/user-client.ts";
import { userTokenReply } from "../user-token-reply.ts";
import { checkPlatform, clientAtEndpoint, requireHome } from "./authorization-code.ts";
import type { Grant } from "./grant.ts";

export const refreshToken: Grant = {
  grantTypes: ["refresh_token"],
  async issue(context) {
    const { form, tenant, tenantName, directory, clock } = context;
    const credentials = readClientCredentials(context, form);
    const token = requireParameter(form, "refresh_token");
    checkSecretToken(token);
    const asked = delegatedRequest(context, form);
    const known = await clientAtEndpoint(context, credentials.clientId);
    const proof = await proveClient(context, tenant, known, credentials, undefined);
    const { family, request: before } = await refreshTokenFind(directory, token, known.appId);
    if (!isTenantless(tenantName) && family.tenantId !== tenant.id)
      throw aadsts(50020, { user: family.userId, tenant: tenant.displayName, client: known.displayName });
    checkPlatform(context, known, family.platform, proof !== "0");
    if (family.platform === "none" && proof === "0" && !isPublicClient(known))
      throw aadsts(7000218, { client: known.appId });
    if (family.isRevoked) throw aadsts(50173);
    const user = await requireCurrentUser(context, family.tenantId, family.userId, family.authAt);
    const client = await requireUserClient(context, await requireHome(context, family.tenantId), known.appId);
    // Whoever has a refresh token gets the next one, whether the request repeats `offline_access` or not.
    // So does whoever signed a user in: with `/.default` alone nothing says so.
    const openId = [...new Set([...(asked?.openId ?? []), ...before.openId, "offline_access"])];
    const request = { ...(asked ?? before), openId };
    const { authAt, sessionId } = family;
    const grant = { client, proof, user, authAt, request, sessionId, family };
    return userTokenReply(context, form, grant, (final) =>
      refreshTokenRenew(directory, token, final, clock()),
    );
  },
};
