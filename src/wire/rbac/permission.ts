/** The shape in which Azure RBAC names what a caller may do. */

/**
 * One permission as a check names it. Actions belong to the control plane, data actions to the data inside a resource;
 * each counts only in its own field of a role ("Azure role definitions", section "Control and data actions").
 */
export interface Permission {
  /** `Microsoft.Batch/batchAccounts/jobs/read`; case does not matter. */
  readonly name: string;
  readonly kind: "action" | "dataAction";
}
