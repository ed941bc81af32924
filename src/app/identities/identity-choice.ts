/**
 * Which of a node's identities a task means. Pure. Source: "How to use managed identities for Azure resources on an Azure VM
 * to acquire an access token".
 */
import { asciiLowerCase } from "../../core/access/ascii-lower-case.ts";
import type { IdentityName } from "../../wire/agent/messages.ts";
import type { IdentityPrincipal } from "../directory/access-token.ts";

export type IdentityChoice =
  | { readonly identity: IdentityPrincipal }
  | { readonly error: string; readonly description: string };

const NOT_FOUND = { error: "invalid_request", description: "Identity not found" };
const NOT_NAMED = {
  error: "invalid_request",
  description:
    "Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request",
};

/**
 * @param identities of the node and of no other
 * @param name absent for whoever has only one
 */
export function identityChoice(
  identities: readonly IdentityPrincipal[],
  name: IdentityName | undefined,
): IdentityChoice {
  if (name === undefined) {
    const [only, ...others] = identities;
    if (only === undefined) return NOT_FOUND;
    return others.length === 0 ? { identity: only } : NOT_NAMED;
  }
  const wanted = asciiLowerCase(name.value);
  const identity = identities.find((each) => asciiLowerCase(nameOf(each, name.by)) === wanted);
  return identity ? { identity } : NOT_FOUND;
}

function nameOf({ clientId, principalId, resourceId }: IdentityPrincipal, by: IdentityName["by"]): string {
  switch (by) {
    case "client_id":
      return clientId;
    case "object_id":
      return principalId;
    case "mi_res_id":
      return resourceId;
  }
}
