/** The password grant (RFC 6749 section 4.3): the client has the user's password. Nobody can be asked for consent here. */

import { aadsts } from "../../../app/sign-in/aadsts.ts";
import { firstRefreshTokenIssue } from "../../../app/sign-in/refresh-token.ts";
import { isPublicClient, proveClient, readClientCredentials } from "../request/client-authenticate.ts";
import { isTenantless } from "../request/endpoint.ts";
import { requireParameter } from "../request/form.ts";
import { delegatedRequest, requireUserClient } from "../request/user-client.ts";
import { userTokenReply } from "../user-token-reply.ts";
import { clientAtEndpoint, requireHome } from "./authorization-code.ts";
import type { Grant } from "./grant.ts";

export const password: Grant = {
  grantTypes: ["password"],
  async issue(context) {
    const { form, tenant, tenantName, directory, passwords, clock } = context;
    const credentials = readClientCredentials(context, form);
    const username = requireParameter(form, "username");
    const secret = requireParameter(form, "password");
    const request = delegatedRequest(context, form);
    if (request === undefined) throw aadsts(900144, { parameter: "scope" });
    // Version 1 still serves it there: ADAL's samples sign in so.
    if (context.path.includes("/v2.0/") && /^(common|consumers)$/i.test(tenantName)) throw aadsts(9001023);
    const known = await clientAtEndpoint(context, credentials.clientId);
    const proof = await proveClient(
      context,
      tenant,
      known,
      credentials,
      isPublicClient(known) ? undefined : 7000218,
    );
    const from = isTenantless(tenantName) ? undefined : tenant;
    const { user, authAt } = await passwords.signIn({
      name: username,
      password: secret,
      tenant: from,
      application: known.displayName,
      source: context.exchange.source,
    });
    const client = await requireUserClient(context, await requireHome(context, user.tenantId), known.appId);
    const family = { user, authAt, appId: client.appId, platform: "none" as const };
    return userTokenReply(context, form, { client, proof, user, authAt, request }, (final) =>
      firstRefreshTokenIssue(directory, family, final, clock()),
    );
  },
};
