/**
 * On-behalf-of (RFC 7523 as "Microsoft identity platform and OAuth 2.0 On-Behalf-Of flow" has it): a service exchanges the token
 * that a user's client presented to it for one to the next service.
 */
import type { Client } from "../../../app/directory/directory.ts";
import { applicationState } from "../../../app/directory/principal-state.ts";
import { aadsts } from "../../../app/sign-in/aadsts.ts";
import { firstRefreshTokenIssue } from "../../../app/sign-in/refresh-token.ts";
import { proveClient, readClientCredentials, requireClient } from "../request/client-authenticate.ts";
import { isTenantless } from "../request/endpoint.ts";
import { requireParameter } from "../request/form.ts";
import { delegatedRequest, requireCurrentUser } from "../request/user-client.ts";
import { userTokenReply } from "../user-token-reply.ts";
import type { Grant, GrantContext } from "./grant.ts";

export const onBehalfOf: Grant = {
  grantTypes: ["urn:ietf:params:oauth:grant-type:jwt-bearer"],
  async issue(context) {
    const { form, tenant, tenantName, directory, clock } = context;
    const credentials = readClientCredentials(context, form);
    const assertion = requireParameter(form, "assertion");
    if (requireParameter(form, "requested_token_use") !== "on_behalf_of")
      throw aadsts(90013, { parameter: "requested_token_use", value: form.requested_token_use ?? "" });
    const request = delegatedRequest(context, form);
    if (request === undefined) throw aadsts(900144, { parameter: "scope" });
    if (isTenantless(tenantName)) throw aadsts(50059, { tenant: tenantName });
    const client = await requireClient(context, tenant, credentials.clientId);
    const proof = await proveClient(context, tenant, client, credentials, 7000218);
    const presented = verifyAssertion(context, client, assertion);
    // The sign-in behind the assertion: what a revocation ends does not begin anew here.
    const { authAt } = presented;
    if ((await applicationState(directory.read, tenant.id, presented.appId)) !== "active")
      throw aadsts(50013, { reason: "the application that it was issued to is disabled or gone." });
    const user = await requireCurrentUser(context, presented.tenantId, presented.objectId, authAt);
    const family = { user, authAt, appId: client.appId, platform: "web" as const };
    return userTokenReply(context, form, { client, proof, user, authAt, request }, (final) =>
      firstRefreshTokenIssue(directory, family, final, clock()),
    );
  },
};

/** @throws Fault 50013, 500131, 7000114 */
function verifyAssertion({ tokens, tenant }: GrantContext, client: Client, assertion: string) {
  const names = [client.appId, `api://${client.appId}`, ...client.registration.identifierUris];
  const audiences = names.flatMap((name) => [name, `${name}/`]);
  const verdict = tokens.verify(assertion, { audiences, tenantId: tenant.id });
  if (!verdict.ok) {
    if (verdict.reason === "wrongAudience") throw aadsts(500131, { audience: verdict.audience });
    throw aadsts(50013, { reason: REASONS[verdict.reason] });
  }
  if (verdict.principal.kind !== "User") throw aadsts(7000114, { client: verdict.principal.appId });
  return verdict.principal;
}

const REASONS = {
  malformed: "it is not an access token of this service.",
  badSignature: "its signature does not belong to a key of this service.",
  expired: "it has expired.",
  notYetValid: "it is not valid yet.",
  foreignTenant: "it is from another tenant.",
} as const;
