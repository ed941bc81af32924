/** Any object of a tenant by its id alone, and what it is a member of. */
import { type Application, applicationFindByObjectId } from "./application.ts";
import type { Directory } from "./directory.ts";
import { type Group, groupRead, principalType } from "./group.ts";
import { type ServicePrincipal, servicePrincipalRead } from "./service-principal.ts";
import { type User, userRead } from "./user.ts";

export type DirectoryObject =
  | { readonly type: "User"; readonly object: User }
  | { readonly type: "Group"; readonly object: Group }
  | { readonly type: "ServicePrincipal"; readonly object: ServicePrincipal }
  | { readonly type: "Application"; readonly object: Application };

/** @param objectId in any case */
export async function directoryObjectFind(
  directory: Directory,
  tenantId: string,
  objectId: string,
): Promise<DirectoryObject | undefined> {
  const id = objectId.toLowerCase();
  const type = await principalType(directory.read, tenantId, id);
  switch (type) {
    case "User":
      return { type, object: await userRead(directory, tenantId, id) };
    case "Group":
      return { type, object: await groupRead(directory, tenantId, id) };
    case "ServicePrincipal":
      return { type, object: await servicePrincipalRead(directory, tenantId, id) };
    default: {
      const object = await applicationFindByObjectId(directory, tenantId, id);
      return object && { type: "Application", object };
    }
  }
}

/** The ids of all groups that a principal is in, however deep. */
export async function groupsAbove(directory: Directory, objectId: string): Promise<readonly string[]> {
  return (await directory.principalIds(objectId)).filter((id) => id !== objectId);
}
