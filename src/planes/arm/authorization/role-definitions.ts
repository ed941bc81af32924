/** Role definitions. */
import { roleDefinitionRemove, roleDefinitionWrite } from "../../../app/access/role-definitions.ts";
import { roleDefinitionFind, roleDefinitionList } from "../../../app/management/role-definition-read.ts";
import type { RoleAuthorship, RoleDefinitionRecord } from "../../../wire/rbac/role-definition.ts";
import { armFault } from "../request/arm-fault.ts";
import type { ArmContext } from "../request/context.ts";
import { readJsonBody } from "../request/json-body.ts";
import { alias, operation } from "../request/operation.ts";
import { rbacFilter } from "../request/rbac-filter.ts";
import { permissionsView, roleDefinitionId, scopeOf } from "../request/rbac-scope.ts";

export const listRoleDefinitions = operation(
  "Microsoft.Authorization/RoleDefinitions_List",
  async (context) => {
    const { plane, principal, exchange } = context;
    const filter = rbacFilter(exchange.query, ["roleName", "type", "atScopeAndBelow"]);
    const [roleName, type] = [filter.get("roleName")?.toLowerCase(), filter.get("type")?.toLowerCase()];
    const definitions = await roleDefinitionList(plane, principal.tenantId, scopeOf(context));
    const value = definitions
      .filter((definition) => roleName === undefined || definition.roleName.toLowerCase() === roleName)
      .filter((definition) => type === undefined || definition.type.toLowerCase() === type)
      .map((definition) => roleDefinitionView(definition, context));
    return { json: { value } };
  },
);

export const getRoleDefinition = operation("Microsoft.Authorization/RoleDefinitions_Get", async (context) => {
  const { plane, principal, path } = context;
  const id = path.roleDefinitionId ?? "";
  const found = await roleDefinitionFind(plane, principal.tenantId, scopeOf(context), id);
  if (!found) throw armFault("RoleDefinitionDoesNotExist", `There is no role definition '${id}' here.`);
  return { json: roleDefinitionView(found, context) };
});

export const getById = alias("Microsoft.Authorization/RoleDefinitions_GetById", getRoleDefinition);

export const putRoleDefinition = operation(
  "Microsoft.Authorization/RoleDefinitions_CreateOrUpdate",
  async (context) => {
    const { plane, principal, path, exchange, allowedAt } = context;
    const name = path.roleDefinitionId ?? "";
    const body = await readJsonBody(exchange);
    const definition = await roleDefinitionWrite(plane, principal, { name, body, rightAt: allowedAt });
    return { status: 201, json: roleDefinitionView(definition, context) };
  },
);

export const deleteRoleDefinition = operation(
  "Microsoft.Authorization/RoleDefinitions_Delete",
  async (context) => {
    const { plane, principal, path, allowedAt } = context;
    const name = path.roleDefinitionId ?? "";
    const known = await roleDefinitionFind(plane, principal.tenantId, scopeOf(context), name);
    const deleted = known && (await roleDefinitionRemove(plane, principal.tenantId, known.name, allowedAt));
    return deleted ? { status: 200, json: roleDefinitionView(deleted, context) } : { status: 204 };
  },
);

/** The api-version that brought who made a role and when. */
const AUTHORS = "2022-04-01";

function roleDefinitionView(definition: RoleDefinitionRecord, context: ArmContext): object {
  const { name, roleName, type, description, assignableScopes, permissions, authorship } = definition;
  return {
    id: roleDefinitionId(context, name),
    name,
    type: "Microsoft.Authorization/roleDefinitions",
    properties: {
      roleName,
      type,
      description,
      assignableScopes,
      permissions: permissions.map((entry) => permissionsView(entry, context.apiVersion)),
      ...(authorship && context.apiVersion >= AUTHORS && authorshipView(authorship)),
    },
  };
}

function authorshipView({ createdAt, createdBy, updatedAt, updatedBy }: RoleAuthorship): object {
  return {
    createdOn: new Date(createdAt).toISOString(),
    updatedOn: new Date(updatedAt).toISOString(),
    createdBy,
    updatedBy,
  };
}
