/** The client credentials grant (RFC 6749 section 4.4): an application signs in as itself. */
import { aadsts } from "../../../app/sign-in/aadsts.ts";
import { proveClient, readClientCredentials, requireClient } from "../request/client-authenticate.ts";
import { isTenantless } from "../request/endpoint.ts";
import { requestedResource, requireServedResource } from "../request/requested-resource.ts";
import { accessTokenRequest } from "../request/token-request.ts";
import { tokenReply } from "../token-reply.ts";
import type { Grant } from "./grant.ts";

export const clientCredentials: Grant = {
  grantTypes: ["client_credentials"],
  async issue(context) {
    const { form, tenant, tenantName, accessTokens, directory, clock } = context;
    const hasBasic = context.exchange.headers.authorization !== undefined;
    if (!form.client_id && !form.client_secret && !form.client_assertion && !hasBasic) throw aadsts(7000216);
    const credentials = readClientCredentials(context, form);
    const requested = requestedResource(context, form);
    if (isTenantless(tenantName)) throw aadsts(50059, { tenant: tenantName });
    const client = await requireClient(context, tenant, credentials.clientId);
    const proof = await proveClient(context, tenant, client, credentials, 7000216);
    const resource = await requireServedResource(context, requested.audience, tenant);
    const roles = await directory.appRoles(client.objectId, resource);
    const { objectId } = client;
    const holder = { kind: "servicePrincipals", tenantId: tenant.id, objectId, claims: form.claims } as const;
    const request = await accessTokenRequest(context, resource, holder);
    const { audience } = requested;
    const issued = await accessTokens.issueToApplication({
      client,
      resource,
      audience,
      proof,
      roles,
      request,
    });
    return {
      reply: tokenReply(requested, issued, clock()),
      signIn: {
        tenantId: client.tenantId,
        principalId: objectId,
        appId: client.appId,
        resource: issued.audience,
      },
    };
  },
};
