/** The client credentials grant (RFC 6749 section 4.4): an application signs in as itself. */
import { aadsts } from "../aadsts.ts";
import { authenticateClient, readClientCredentials } from "../client-authenticate.ts";
import { isTenantless } from "../endpoint.ts";
import { requestedResource, requireServedResource } from "../requested-resource.ts";
import type { Grant } from "../token.ts";
import { tokenReply } from "../token-reply.ts";

const PROVED_BY_SECRET = "1";

export const clientCredentials: Grant = {
  grantType: "client_credentials",
  async issue(context) {
    const { form, tenant, tenantName, accessTokens, clock } = context;
    const credentials = readClientCredentials(context, form);
    const requested = requestedResource(context, form);
    if (isTenantless(tenantName)) throw aadsts(50059, { tenant: tenantName });
    const client = await authenticateClient(context, tenant, credentials, form);
    await requireServedResource(context, requested.audience, tenant);
    const issued = await accessTokens.issueToApplication(client, requested.audience, PROVED_BY_SECRET);
    return tokenReply(requested, issued, clock());
  },
};
