/** The `identity` of a request: which user-assigned identities a resource is to have. Pure. Sources: "BatchPoolIdentity", "BatchAccountIdentity". */
import { isIdentityId } from "./identity-id.ts";
import { asObject, invalidContent, type JsonObject, optionalObject, wordOf } from "./json-body.ts";

export interface IdentityRequest<Type extends string> {
  readonly type: Type;
  /** Resource ids as they were given, each once. */
  readonly userAssigned: readonly string[];
  /** Resource ids, in small letters, of those that the resource is to lose. */
  readonly removed: readonly string[];
}

/**
 * Undefined where the body does not speak of it.
 * @param types those that the resource can have
 * @param isChange of a resource that may keep others: taking some away is enough
 * @throws Fault InvalidRequestContent naming the property
 */
export function identityRequest<const Type extends string>(
  body: JsonObject,
  types: readonly Type[],
  isChange = false,
): IdentityRequest<Type> | undefined {
  const identity = optionalObject(body, "identity");
  if (identity === undefined) return undefined;
  const type = wordOf(identity.type, types, "identity.type");
  const at = "identity.userAssignedIdentities";
  const map = optionalObject(identity, "userAssignedIdentities", at) ?? {};
  const userAssigned = new Map<string, string>();
  const removed: string[] = [];
  // One that is mapped to null is one that the resource is to lose.
  for (const [id, value] of Object.entries(map)) {
    if (!isIdentityId(id))
      throw invalidContent(`${at}['${id.slice(0, 256)}']`, "is no resource id of a user-assigned identity");
    asObject(value ?? {}, `${at}['${id}']`);
    if (value === null) removed.push(id.toLowerCase());
    else userAssigned.set(id.toLowerCase(), id);
  }
  const isUserAssigned = type === "UserAssigned";
  if (isUserAssigned && userAssigned.size === 0 && !(isChange && removed.length > 0))
    throw invalidContent(at, "must name at least one identity");
  if (!isUserAssigned && userAssigned.size > 0)
    throw invalidContent(at, `cannot be given with the type ${type}`);
  return { type, userAssigned: [...userAssigned.values()], removed };
}
