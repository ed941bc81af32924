/**
 * Deleted objects: applications, service principals and users, for thirty days. Security groups, the only ones here, are deleted for good. Who
 * may do something here is told by the object's type: a caller to whom the type is closed learns nothing of the object.
 */
import {
  type DeletedObject,
  deletedObjectCount,
  deletedObjectPage,
  deletedObjectRead,
  deletedObjectRemove,
  deletedObjectRestore,
  wasAdministrator,
} from "../../../app/directory/deletion/deleted-object.ts";
import { directoryObjectMissing } from "../../../app/directory/directory-fault.ts";
import { refusedBy } from "../../../core/access/graph-access.ts";
import {
  type GraphAccess,
  READ_APPLICATIONS,
  READ_GROUPS,
  READ_USERS,
  RESTORE_USERS,
  WRITE_APPLICATIONS,
} from "../../../wire/graph/access.ts";
import { applicationView } from "../applications/application-view.ts";
import { APPLICATIONS, DIRECTORY_OBJECTS, GROUPS, SERVICE_PRINCIPALS, USERS } from "../entity-sets.ts";
import { requireAccess, requireGlobalAdministrator } from "../request/authorize.ts";
import { collection } from "../request/collection.ts";
import { type GraphContext, operation } from "../request/context.ts";
import type { EntitySet, GraphEntity } from "../request/entity-set.ts";
import { instantView } from "../request/instant-view.ts";
import { readBody } from "../request/json-body.ts";
import { keyOf } from "../request/key.ts";
import { listReply, objectReply } from "../request/list.ts";
import { badQuery } from "../request/query-fault.ts";
import { servicePrincipalView } from "../service-principals/service-principal-view.ts";
import { userView } from "../users/user-view.ts";
import { directoryObjectView, type TypedEntity } from "./directory-object-view.ts";

interface Kind {
  readonly set: EntitySet;
  readonly reads: GraphAccess;
  readonly writes: GraphAccess;
}

const deleted = (set: EntitySet): EntitySet => ({
  ...set,
  filterable: new Set([...set.filterable, "deletedDateTime"]),
});

const KINDS: Readonly<Record<DeletedObject["type"], Kind>> = {
  application: { set: deleted(APPLICATIONS), reads: READ_APPLICATIONS, writes: WRITE_APPLICATIONS },
  servicePrincipal: {
    set: deleted(SERVICE_PRINCIPALS),
    reads: READ_APPLICATIONS,
    writes: WRITE_APPLICATIONS,
  },
  user: { set: deleted(USERS), reads: READ_USERS, writes: RESTORE_USERS },
};

const isKind = (type: string): type is DeletedObject["type"] => Object.hasOwn(KINDS, type);

export const list = operation("DeletedItems_List", async (context) => {
  const { plane, tenantId, caller, modifiers } = context;
  const type = modifiers.cast?.replace("#microsoft.graph.", "") ?? "";
  if (type === "group") {
    requireAccess(READ_GROUPS, caller);
    return listReply(context, deleted(GROUPS), []);
  }
  if (!isKind(type))
    throw badQuery(
      "Deleted items are listed by type: /directory/deletedItems/microsoft.graph.application, .servicePrincipal, .user or .group.",
    );
  const { set, reads } = KINDS[type];
  requireAccess(reads, caller);
  const page = (after: string, limit: number) =>
    deletedObjectPage(plane.directory, tenantId, type, after, limit);
  const count = () => deletedObjectCount(plane.directory, tenantId, type);
  return listReply(
    context,
    set,
    collection(page, count, (item) => view(context, item)),
  );
});

export const get = operation("DeletedItems_Get", async (context) => {
  return objectReply(context, DIRECTORY_OBJECTS, await view(context, await named(context)));
});

export const remove = operation("DeletedItems_Delete", async (context) => {
  const { object } = await changeable(context, "Deleting an administrator for good");
  await deletedObjectRemove(context.plane.directory, context.tenantId, object.objectId);
  return {};
});

export const restore = operation("DeletedItems_Restore", async (context) => {
  const { type, object } = await changeable(context, "Restoring an administrator");
  const body = await readBody(context.exchange, "optional");
  const name = type === "user" ? body.givenText("newUserPrincipalName") : undefined;
  // It would take away addresses that are another's by now; no user here has any.
  if (type === "user") body.boolean("autoReconcileProxyConflict");
  body.end();
  await deletedObjectRestore(context.plane.directory, context.tenantId, object.objectId, name);
  const restored = await directoryObjectView(context, object.objectId);
  if (restored === undefined) throw directoryObjectMissing("object", object.objectId);
  return objectReply(context, DIRECTORY_OBJECTS, restored);
});

/** @throws Fault Request_ResourceNotFound */
async function named(context: GraphContext): Promise<DeletedObject> {
  const { plane, tenantId, caller, path } = context;
  const { value } = keyOf(path.id, "id");
  const found = await deletedObjectRead(plane.directory, tenantId, value);
  if (refusedBy(KINDS[found.type].reads, caller) !== undefined)
    throw directoryObjectMissing("deleted object", value);
  return found;
}

/** @throws Fault Request_ResourceNotFound, Authorization_RequestDenied */
async function changeable(context: GraphContext, what: string): Promise<DeletedObject> {
  const { plane, tenantId, caller, path } = context;
  const { value } = keyOf(path.id, "id");
  const found = await deletedObjectRead(plane.directory, tenantId, value);
  const { reads, writes } = KINDS[found.type];
  if (refusedBy(writes, caller) !== undefined) {
    if (refusedBy(reads, caller) !== undefined) throw directoryObjectMissing("deleted object", value);
    requireAccess(writes, caller);
  }
  if (found.type === "user" && (await wasAdministrator(plane.directory, found.object.objectId)))
    requireGlobalAdministrator(caller, what);
  return found;
}

async function view(context: GraphContext, item: DeletedObject): Promise<TypedEntity> {
  const shown = { ...(await viewOf(context, item)), deletedDateTime: instantView(item.deletedAt) };
  return { "@odata.type": `#microsoft.graph.${item.type}`, ...shown };
}

async function viewOf(context: GraphContext, item: DeletedObject): Promise<GraphEntity> {
  const { directory } = context.plane;
  switch (item.type) {
    case "application":
      return applicationView(item.object, await directory.tenant(context.tenantId));
    case "servicePrincipal":
      return servicePrincipalView(directory, item.object);
    case "user": {
      // The name is free: a deleted user has it with the id before it.
      const { objectId, userPrincipalName } = item.object;
      return userView({
        ...item.object,
        userPrincipalName: `${objectId.replaceAll("-", "")}${userPrincipalName}`,
      });
    }
  }
}
