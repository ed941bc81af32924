/** Every operation that is built. The others of the table answer a declared 501, after authorization. */
import type { GraphOperationId } from "../../wire/graph/operations.ts";
import * as applicationPasswords from "./application-passwords.ts";
import * as applications from "./applications.ts";
import type { GraphOperationHandler } from "./context.ts";
import * as oauth2PermissionGrants from "./oauth2-permission-grants.ts";
import * as organization from "./organization.ts";
import * as servicePrincipals from "./service-principals.ts";
import * as users from "./users.ts";

const files: readonly Record<string, GraphOperationHandler>[] = [
  applicationPasswords,
  applications,
  oauth2PermissionGrants,
  organization,
  servicePrincipals,
  users,
];

export const graphOperationHandlers: ReadonlyMap<GraphOperationId, GraphOperationHandler> = new Map(
  files.flatMap((file) => Object.values(file).map((handler) => [handler.id, handler] as const)),
);
