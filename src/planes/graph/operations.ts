/** Every operation that is built. The others of the table answer a declared 501, after authorization. */
import type { GraphOperationId } from "../../wire/graph/operations.ts";
import * as appRoleAssignments from "./app-role-assignments.ts";
import * as applicationPasswords from "./application-passwords.ts";
import * as applications from "./applications.ts";
import * as directoryObjects from "./directory-objects.ts";
import * as directoryRoles from "./directory-roles.ts";
import * as federatedCredentials from "./federated-credentials.ts";
import * as groups from "./groups.ts";
import * as me from "./me.ts";
import * as memberships from "./memberships.ts";
import * as oauth2PermissionGrants from "./oauth2-permission-grants.ts";
import * as organization from "./organization.ts";
import type { GraphOperationHandler } from "./request/context.ts";
import * as servicePrincipals from "./service-principals.ts";
import * as users from "./users.ts";

const files: readonly Record<string, GraphOperationHandler>[] = [
  appRoleAssignments,
  applicationPasswords,
  applications,
  directoryObjects,
  directoryRoles,
  federatedCredentials,
  groups,
  me,
  memberships,
  oauth2PermissionGrants,
  organization,
  servicePrincipals,
  users,
];

export const graphOperationHandlers: ReadonlyMap<GraphOperationId, GraphOperationHandler> = new Map(
  files.flatMap((file) => Object.values(file).map((handler) => [handler.id, handler] as const)),
);
