/** The body in which a metadata endpoint gives a token away. Source: "How managed identities for Azure resources work", IMDS. */
import type { IdentityToken } from "../../wire/agent/messages.ts";

export function tokenReply(token: IdentityToken, resource: string): object {
  const { accessToken, clientId, notBefore, expiresOn, lifetime } = token;
  return {
    access_token: accessToken,
    client_id: clientId,
    expires_in: String(lifetime),
    expires_on: String(expiresOn),
    ext_expires_in: String(lifetime),
    not_before: String(notBefore),
    resource,
    token_type: "Bearer",
  };
}
