/** Any object of a tenant by its id alone, and what it is a member of. */
import { type Application, findApplicationByObjectId } from "./application.ts";
import type { Directory } from "./directory.ts";
import { type Group, principalType, readGroup } from "./group.ts";
import { readServicePrincipal, type ServicePrincipal } from "./service-principal.ts";
import { readUser, type User } from "./user.ts";

export type DirectoryObject =
  | { readonly type: "User"; readonly object: User }
  | { readonly type: "Group"; readonly object: Group }
  | { readonly type: "ServicePrincipal"; readonly object: ServicePrincipal }
  | { readonly type: "Application"; readonly object: Application };

/** @param objectId in any case */
export async function findDirectoryObject(
  directory: Directory,
  tenantId: string,
  objectId: string,
): Promise<DirectoryObject | undefined> {
  const id = objectId.toLowerCase();
  const type = await principalType(directory.read, tenantId, id);
  switch (type) {
    case "User":
      return { type, object: await readUser(directory, tenantId, id) };
    case "Group":
      return { type, object: await readGroup(directory, tenantId, id) };
    case "ServicePrincipal":
      return { type, object: await readServicePrincipal(directory, tenantId, id) };
    default: {
      const object = await findApplicationByObjectId(directory, tenantId, id);
      return object && { type: "Application", object };
    }
  }
}

/** The ids of all groups that a principal is in, however deep. */
export async function groupsAbove(directory: Directory, objectId: string): Promise<readonly string[]> {
  return (await directory.principalIds(objectId)).filter((id) => id !== objectId);
}
