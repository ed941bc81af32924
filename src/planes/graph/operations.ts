/** Every operation that is built. The others of the table answer a declared 501, after authorization. */
import type { GraphOperationId } from "../../wire/graph/operations.ts";
import * as applicationPasswords from "./applications/application-passwords.ts";
import * as applications from "./applications/applications.ts";
import * as federatedCredentials from "./applications/federated-credentials.ts";
import * as directoryAudits from "./audit-logs/directory-audits.ts";
import * as signIns from "./audit-logs/sign-ins.ts";
import * as deletedItems from "./directory/deleted-items.ts";
import * as directoryObjects from "./directory/directory-objects.ts";
import * as directoryRoles from "./directory/directory-roles.ts";
import * as organization from "./directory/organization.ts";
import * as owners from "./directory/owners.ts";
import * as groups from "./groups/groups.ts";
import * as memberships from "./groups/memberships.ts";
import type { GraphOperationHandler } from "./request/context.ts";
import * as appRoleAssignments from "./service-principals/app-role-assignments.ts";
import * as oauth2PermissionGrants from "./service-principals/oauth2-permission-grants.ts";
import * as servicePrincipals from "./service-principals/service-principals.ts";
import * as me from "./users/me.ts";
import * as users from "./users/users.ts";

const files: readonly Record<string, GraphOperationHandler>[] = [
  appRoleAssignments,
  applicationPasswords,
  applications,
  directoryAudits,
  directoryObjects,
  directoryRoles,
  federatedCredentials,
  groups,
  me,
  memberships,
  oauth2PermissionGrants,
  organization,
  deletedItems,
  owners,
  servicePrincipals,
  signIns,
  users,
];

export const graphOperationHandlers: ReadonlyMap<GraphOperationId, GraphOperationHandler> = new Map(
  files.flatMap((file) => Object.values(file).map((handler) => [handler.id, handler] as const)),
);
