/** By namespace, every permission that an operation of this service needs: what roles can grant. Derived from the tables of operations. */
import { BATCH_PERMISSIONS } from "../rbac/batch-permissions.ts";
import type { Permission } from "../rbac/permission.ts";
import { BLOB_PERMISSIONS } from "../storage/blob-operations.ts";
import { type ArmOperationId, armOperations } from "./operations.ts";
import { armPermission } from "./permissions.ts";

export interface ProviderOperation {
  readonly name: string;
  readonly isDataAction: boolean;
  /** Below the namespace; empty for the provider itself. */
  readonly resourceType: string;
  /** The last part of the type. */
  readonly resource: string;
  readonly display: string;
  /** The first api-version of Resource Manager that has it; empty for the data plane's. */
  readonly since: string;
}

const VERBS: Readonly<Record<string, string>> = { read: "Read", write: "Create or change", delete: "Delete" };

function providerOperation({
  name,
  kind,
  since,
}: Permission & { readonly since: string }): ProviderOperation {
  const [, ...parts] = name.split("/");
  const verb = parts.at(-1) ?? "";
  const isAction = verb === "action";
  const type = parts.slice(0, isAction ? -2 : -1);
  const resource = type.at(-1) ?? "provider";
  const display = isAction ? `${parts.at(-2)} of ${resource}` : `${VERBS[verb] ?? verb} ${resource}`;
  return {
    name,
    isDataAction: kind === "dataAction",
    resourceType: type.join("/"),
    resource,
    display,
    since,
  };
}

export const providerOperations: ReadonlyMap<string, readonly ProviderOperation[]> = (() => {
  const ids = Object.keys(armOperations) as ArmOperationId[];
  const permissions = [
    ...ids.map((id) => ({ ...armPermission(id), since: armOperations[id].apiVersions[0] ?? "" })),
    ...[...Object.values(BATCH_PERMISSIONS), ...BLOB_PERMISSIONS].map((one) => ({ ...one, since: "" })),
  ];
  const named = permissions.filter(({ name }) => !name.startsWith("{"));
  const distinct = new Map(named.map((permission) => [`${permission.kind} ${permission.name}`, permission]));
  const operations = [...distinct.values()]
    .map(providerOperation)
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return Map.groupBy(operations, ({ name }) => name.slice(0, name.indexOf("/")));
})();
