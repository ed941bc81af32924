/**
 * Whether each principal may act at all, and what it may do: read and compiled once, forgotten when the directory or the tenant's roles
 * change. Owns these caches; the decisions are core/access's.
 */
import { type CompiledPolicy, compilePolicy } from "../../core/access/policy.ts";
import {
  compilePrincipal,
  NOTHING_ALLOWED,
  type PrincipalAccess,
} from "../../core/access/principal-access.ts";
import type { Store } from "../../store/engine/store.ts";
import { roleAssignmentsOfTenant } from "../../store/role-assignments.ts";
import { roleDefinitionsOfTenant } from "../../store/role-definitions.ts";
import { BUILT_IN_ROLES } from "../../wire/rbac/built-in-roles.ts";
import type { RoleDefinition } from "../../wire/rbac/role-definition.ts";
import type { TokenPrincipal } from "../directory/access-token-verify.ts";
import { applicationState, type PrincipalState, principalState } from "../directory/principal-state.ts";

/** Principals kept compiled. Ours: a few hundred bytes each. */
const MAX_PRINCIPALS = 20_000;

/** The directory, as far as roles are concerned. */
export interface Principals {
  /** The principal's own object id, then those of all groups that it is in. */
  principalIds(objectId: string): Promise<readonly string[]>;
  /** Called after each change of the directory. */
  whenChanged(listener: () => void): void;
  /** Principals have come or gone with a change that the directory did not make itself. */
  forget(): void;
}

const UNGROUPED: Principals = {
  principalIds: async (objectId) => [objectId],
  whenChanged: () => {},
  forget: () => {},
};

export class Access {
  readonly #store: Store;
  readonly #directory: Principals;
  readonly #policies = new Map<string, Promise<CompiledPolicy>>();
  readonly #principals = new Map<string, PrincipalAccess>();
  readonly #states = new Map<string, PrincipalState>();
  /** Counts what made states be forgotten, so that none is remembered that was read before. */
  #forgotten = 0;
  #onInvalidate = () => {};

  constructor(store: Store, directory: Principals = UNGROUPED) {
    this.#store = store;
    this.#directory = directory;
    directory.whenChanged(() => this.#forgetStates());
  }

  /** The principal's own object id, then those of all groups that it is in. */
  principalIds(objectId: string): Promise<readonly string[]> {
    return this.#directory.principalIds(objectId);
  }

  /**
   * Whether whom a token speaks for may still act, and the application that acts for a user: a token outlives both by up to its
   * lifetime. Remembered, so that it can be asked on every request.
   */
  stateOf(principal: TokenPrincipal): PrincipalState | Promise<PrincipalState> {
    const { tenantId, objectId, kind, appId } = principal;
    const key = kind === "User" ? `${tenantId} ${objectId} ${appId}` : `${tenantId} ${objectId}`;
    return this.#states.get(key) ?? this.#readState(key, principal);
  }

  async #readState(
    key: string,
    { tenantId, objectId, kind, appId }: Pick<TokenPrincipal, "tenantId" | "objectId" | "kind" | "appId">,
  ): Promise<PrincipalState> {
    const forgotten = this.#forgotten;
    const { read } = this.#store;
    let state = await principalState(read, tenantId, objectId);
    if (state === "active" && kind === "User") state = await applicationState(read, tenantId, appId);
    if (forgotten === this.#forgotten) {
      if (this.#states.size >= MAX_PRINCIPALS) this.#states.clear();
      this.#states.set(key, state);
    }
    return state;
  }

  #forgetStates(): void {
    this.#forgotten++;
    this.#states.clear();
  }

  /** What its groups may do, it may; one that is disabled or gone may nothing. */
  async principal(tenantId: string, objectId: string): Promise<PrincipalAccess> {
    const self = { tenantId, objectId, kind: "ServicePrincipal", appId: "" } as const;
    const state =
      this.#states.get(`${tenantId} ${objectId}`) ?? this.#readState(`${tenantId} ${objectId}`, self);
    if ((await state) !== "active") return NOTHING_ALLOWED;
    const principalIds = await this.#directory.principalIds(objectId);
    const key = `${tenantId} ${principalIds.join(" ")}`;
    const known = this.#principals.get(key);
    if (known) return known;
    const pending = this.#policies.get(tenantId) ?? this.#begin(tenantId);
    const access = compilePrincipal(principalIds, await pending);
    if (this.#policies.get(tenantId) !== pending) return this.principal(tenantId, objectId);
    if (this.#principals.size >= MAX_PRINCIPALS) this.#principals.clear();
    this.#principals.set(key, access);
    return access;
  }

  /** To be called after each commit that changes the tenant's assignments or definitions, or its identities. */
  invalidate(tenantId: string): void {
    this.#directory.forget();
    this.#forgetStates();
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
