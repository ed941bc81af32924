/** The user that the path names: by object id or by user principal name. */
import { type User, userRead } from "../../../app/directory/user.ts";
import type { GraphContext } from "../request/context.ts";
import { keyOf } from "../request/key.ts";

/** @throws Fault Request_ResourceNotFound */
export function namedUser({ plane, tenantId, path }: GraphContext): Promise<User> {
  return userRead(plane.directory, tenantId, keyOf(path.id, "userPrincipalName").value);
}
