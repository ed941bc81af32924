/**
 * What each principal may do, compiled once and forgotten when the tenant's roles change. Owns the two caches; the decisions
 * are core/access's.
 */
import { type CompiledPolicy, compilePolicy } from "../../core/access/policy.ts";
import { compilePrincipal, type PrincipalAccess } from "../../core/access/principal-access.ts";
import type { Store } from "../../store/engine/store.ts";
import { roleAssignmentsOfTenant } from "../../store/role-assignments.ts";
import { roleDefinitionsOfTenant } from "../../store/role-definitions.ts";
import { BUILT_IN_ROLES } from "../../wire/rbac/built-in-roles.ts";
import type { RoleDefinition } from "../../wire/rbac/role-definition.ts";

/** Principals kept compiled. Ours: a few hundred bytes each. */
const MAX_PRINCIPALS = 20_000;

export class Access {
  readonly #store: Store;
  readonly #policies = new Map<string, Promise<CompiledPolicy>>();
  readonly #principals = new Map<string, PrincipalAccess>();
  #onInvalidate = () => {};

  /** The principal's own object id, then those of all groups that it is in. */
  readonly principalIds: (objectId: string) => Promise<readonly string[]>;

  constructor(store: Store, principalIds: Access["principalIds"] = async (objectId) => [objectId]) {
    this.#store = store;
    this.principalIds = principalIds;
  }

  /** @param objectIds the caller's; what its groups may do, it may */
  async principal(tenantId: string, objectIds: readonly string[]): Promise<PrincipalAccess> {
    const principalIds = (await Promise.all(objectIds.map(this.principalIds))).flat();
    const key = `${tenantId} ${principalIds.join(" ")}`;
    const known = this.#principals.get(key);
    if (known) return known;
    const pending = this.#policies.get(tenantId) ?? this.#begin(tenantId);
    const access = compilePrincipal(principalIds, await pending);
    if (this.#policies.get(tenantId) !== pending) return this.principal(tenantId, objectIds);
    if (this.#principals.size >= MAX_PRINCIPALS) this.#principals.clear();
    this.#principals.set(key, access);
    return access;
  }

  /** To be called after each commit that changes the tenant's assignments or definitions. */
  invalidate(tenantId: string): void {
    this.#policies.delete(tenantId);
    for (const key of this.#principals.keys()) if (key.startsWith(tenantId)) this.#principals.delete(key);
    this.#onInvalidate();
  }

  /** Called for each tenant whose next decisions may be others. */
  whenInvalidated(listener: () => void): void {
    this.#onInvalidate = listener;
  }

  /** A read that fails is not remembered: it would refuse everybody until the next change. */
  #begin(tenantId: string): Promise<CompiledPolicy> {
    const pending = this.#load(tenantId);
    this.#policies.set(tenantId, pending);
    pending.catch(() => {
      if (this.#policies.get(tenantId) === pending) this.#policies.delete(tenantId);
    });
    return pending;
  }

  async #load(tenantId: string): Promise<CompiledPolicy> {
    const [assignments, custom] = await Promise.all([
      roleAssignmentsOfTenant.all(this.#store.read, { tenant_id: tenantId }),
      roleDefinitionsOfTenant.all(this.#store.read, { tenant_id: tenantId }),
    ]);
    return compilePolicy({
      assignments: assignments.map(({ id, principal_id, role_definition_id, scope }) => ({
        id,
        principalId: principal_id,
        roleDefinitionId: role_definition_id,
        scope,
      })),
      definitions: [
        ...BUILT_IN_ROLES,
        ...custom.map(({ definition }) => JSON.parse(definition) as RoleDefinition),
      ],
      managementGroupsOf: () => [tenantId],
    });
  }
}
