/**
 * What `/providers/Batchyard.Access/…` answers: the product's own questions about access, of which Azure has none. The service decides and
 * keeps these, the command line and the portal show them; shapes alone are here.
 */
import type { Permission } from "../rbac/permission.ts";
import type { RolePermissions } from "../rbac/role-definition.ts";

export const ACCESS_API_VERSION = "2026-01-01";

export interface Caller {
  readonly tenantId: string;
  /** Object id; null for a holder of the account's key, for a task, and for whoever cannot be told. */
  readonly principalId: string | null;
  readonly principalType: "ServicePrincipal" | "User" | "SharedKey" | "Task" | "Unknown";
  /** Which task, where it is known to be one. */
  readonly task?: { readonly jobId: string; readonly taskId: string };
  /** The origin of a request whose principal cannot be told: an address, a user of this machine. */
  readonly from?: string;
  /** The application that the token was issued to; null where the principal is. */
  readonly appId: string | null;
}

/**
 * Why a role does not grant a permission:
 * - `not-granted`: nothing in the role names it;
 * - `other-field`: the role names it, but an action among the data actions or the reverse, where it does not count;
 * - `subtracted`: the role names it, and its `notActions` or `notDataActions` take it away.
 */
export type RoleRefusal = "not-granted" | "other-field" | "subtracted";

/** The assignment that grants a permission, and the entry of its role that does. */
export interface Grant {
  readonly permission: Permission;
  readonly assignmentId: string;
  readonly scope: string;
  readonly roleDefinitionId: string;
  readonly roleName: string;
  readonly pattern: string;
}

/**
 * An assignment of the principal that did not grant the permission. Beside the role's own reasons: `scope`, the
 * assignment holds elsewhere; `no-role`, its role definition does not exist, or not at the assignment's scope.
 */
export interface ConsideredAssignment {
  readonly assignmentId: string;
  readonly scope: string;
  /** The role's id where it has no name because it does not exist. */
  readonly roleName: string;
  readonly why: RoleRefusal | "scope" | "no-role";
}

/** Where requests are judged by roles. */
export type Plane = "batch" | "arm" | "blob" | "graph" | "imds" | "node";

export interface ExplainedDenial {
  readonly requestId: string;
  /** ISO 8601. */
  readonly time: string;
  readonly caller: Caller;
  readonly plane: Plane;
  readonly operation: string;
  readonly scope: string;
  readonly target: string;
  readonly missing: Permission;
  readonly considered: readonly ConsideredAssignment[];
  /** Assignments considered and not listed. */
  readonly unlisted: number;
  /** Built-in roles any of which would do, narrowest first. */
  readonly builtInRoles: readonly string[];
}

export interface FoundPrincipal {
  readonly objectId: string;
  readonly displayName: string;
  readonly type: string;
}

export interface AccessCheck {
  readonly principal: FoundPrincipal;
  readonly permission: Permission;
  readonly scope: string;
  readonly allowed: boolean;
  readonly by: Grant | null;
  /** Empty when it is allowed. */
  readonly considered: readonly ConsideredAssignment[];
  readonly builtInRoles: readonly string[];
  /**
   * For a permission of the Batch data plane: whether operations that ask for it are allowed, by it or by one that stands above it.
   * Null for others.
   */
  readonly operations: { readonly allowed: boolean; readonly by: readonly Grant[] } | null;
}

export interface UsedPermission {
  /** The operation's own, not the broader one that may have granted it. */
  readonly permission: Permission;
  /** The scope at which it was decided. */
  readonly scope: string;
}

export interface Recording {
  readonly tenantId: string;
  readonly principalId: string;
  /** Only decisions here and below are recorded. */
  readonly scope: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endsAt: number;
  readonly used: readonly UsedPermission[];
  /** More was used than a recording holds; the role would be too small. */
  readonly isTruncated: boolean;
}

export interface RoleDocument {
  readonly properties: {
    readonly roleName: string;
    readonly type: "CustomRole";
    readonly description: string;
    readonly assignableScopes: readonly string[];
    readonly permissions: readonly RolePermissions[];
  };
}

export interface RecordedRole {
  readonly principal: FoundPrincipal;
  readonly recording: Omit<Recording, "tenantId" | "principalId">;
  /** Null when nothing was used. */
  readonly role: RoleDocument | null;
  /** Where the role has to be assigned; null when nothing was used, or nothing that has a scope in common. */
  readonly assignAt: string | null;
}

export interface AuditEntry {
  /** ISO 8601. */
  readonly time: string;
  readonly requestId: string;
  readonly caller: Caller;
  readonly plane: Plane | "entra";
  readonly operation: string;
  /** Of a request to Batch or Resource Manager. */
  readonly apiVersion?: string;
  /** Its `User-Agent`, shortened. */
  readonly client?: string;
  readonly scope: string;
  readonly target: string;
  readonly decision: "allowed" | "denied";
  /** What decided: the assignments that granted, or the credential that needs none; absent for a denial, and in the directory, which knows none. */
  readonly by?: readonly Omit<Grant, "permission">[] | "SharedKey" | "TaskAuthenticationToken";
  /** Name of the permission that a denied request lacked; in the directory, what it was to do. */
  readonly missing?: string;
  /** The reply's status; 0 when the client went away before it. */
  readonly status: number;
  /** Details of a sign-in at the token service. */
  readonly signIn?: SignInDetails;
  /** How many requests like it there were since the last one that was told; absent means this one. */
  readonly times?: number;
}

export interface SignInDetails {
  readonly kind: "interactiveUser" | "nonInteractiveUser" | "servicePrincipal";
  readonly client: "Browser" | "Mobile Apps and Desktop clients";
  /** Where the request came from. */
  readonly source: string;
  /** The resource for which a token was asked. */
  readonly resource?: string;
  /** Of AADSTS; 0 where it succeeded. */
  readonly errorCode: number;
  readonly failureReason?: string;
}
