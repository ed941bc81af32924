/** The user-assigned identities that a request gives to a resource: the caller must be allowed to assign each. */
import { type IdentityRequest, identityRequest } from "../../../core/management/identity-request.ts";
import type { JsonObject } from "../../../core/management/json-body.ts";
import type { ArmContext } from "../request/context.ts";

const ASSIGN = {
  name: "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
  kind: "action",
} as const;

/** Undefined where the body does not speak of them. @throws Fault InvalidRequestContent, LinkedAuthorizationFailed */
export function linkedIdentities<const Type extends string>(
  { requireLinked }: ArmContext,
  body: JsonObject,
  types: readonly Type[],
  isChange = false,
): IdentityRequest<Type> | undefined {
  const request = identityRequest(body, types, isChange);
  for (const id of request?.userAssigned ?? []) requireLinked(ASSIGN, id);
  return request;
}
