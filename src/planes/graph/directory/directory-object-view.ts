/** Objects of any kind in one list, each telling its type. */
import { directoryObjectFind } from "../../../app/directory/directory-object.ts";
import { type DirectoryRole, directoryRole } from "../../../wire/entra/directory-roles.ts";
import { applicationView } from "../applications/application-view.ts";
import { groupView } from "../groups/group-view.ts";
import type { GraphContext } from "../request/context.ts";
import type { GraphEntity } from "../request/list.ts";
import { servicePrincipalView } from "../service-principals/service-principal-view.ts";
import { userView } from "../users/user-view.ts";

export interface TypedEntity extends GraphEntity {
  readonly "@odata.type": string;
}

/** @returns undefined for an id that is none of the tenant's */
export async function directoryObjectView(
  { plane: { directory }, tenantId }: GraphContext,
  objectId: string,
): Promise<TypedEntity | undefined> {
  const found = await directoryObjectFind(directory, tenantId, objectId);
  switch (found?.type) {
    case "User":
      return typed("user", userView(found.object));
    case "Group":
      return typed("group", groupView(found.object));
    case "ServicePrincipal":
      return typed("servicePrincipal", await servicePrincipalView(directory, found.object));
    case "Application":
      return typed("application", applicationView(found.object, await directory.tenant(tenantId)));
    default:
      return undefined;
  }
}

/** Those that there are. */
export async function directoryObjectViews(
  context: GraphContext,
  ids: Iterable<string>,
): Promise<TypedEntity[]> {
  const found = await Promise.all([...ids].map((id) => directoryObjectView(context, id)));
  return found.filter((view) => view !== undefined);
}

/** There is one of each role in a tenant, under its template's id. */
export function directoryRoleView({ templateId, displayName, description }: DirectoryRole) {
  return { id: templateId, deletedDateTime: null, description, displayName, roleTemplateId: templateId };
}

export function directoryRoleViews(templateIds: Iterable<string>): TypedEntity[] {
  return [...templateIds].flatMap((id) => {
    const role = directoryRole(id);
    return role === undefined ? [] : [typed("directoryRole", directoryRoleView(role))];
  });
}

function typed<View extends GraphEntity>(type: string, view: View): View & TypedEntity {
  return { "@odata.type": `#microsoft.graph.${type}`, ...view };
}
