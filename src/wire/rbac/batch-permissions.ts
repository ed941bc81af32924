/**
 * The permissions of `Microsoft.Batch/batchAccounts` that the data plane checks, each with the field of a role it
 * counts in. Source: the Azure pages "Azure permissions for Compute" (section Microsoft.Batch) and "Role-based access
 * control for Azure Batch service" (section "Assign a custom role").
 */

import type { Permission } from "./permission.ts";

const PREFIX = "Microsoft.Batch/batchAccounts/";

const action = (name: string): Permission => ({ name: PREFIX + name, kind: "action" });
const dataAction = (name: string): Permission => ({ name: PREFIX + name, kind: "dataAction" });

export const BATCH_PERMISSIONS = {
  read: action("read"),
  "listKeys/action": action("listKeys/action"),
  "applications/read": action("applications/read"),
  "certificates/read": action("certificates/read"),
  "certificates/write": action("certificates/write"),
  "certificates/delete": action("certificates/delete"),
  "pools/read": action("pools/read"),
  "pools/write": action("pools/write"),
  "pools/delete": action("pools/delete"),
  "jobs/read": dataAction("jobs/read"),
  "jobs/write": dataAction("jobs/write"),
  "jobs/delete": dataAction("jobs/delete"),
  "jobSchedules/read": dataAction("jobSchedules/read"),
  "jobSchedules/write": dataAction("jobSchedules/write"),
  "jobSchedules/delete": dataAction("jobSchedules/delete"),
} as const satisfies Record<string, Permission>;

/** The part of a permission's name below `Microsoft.Batch/batchAccounts/`. */
export type BatchPermission = keyof typeof BATCH_PERMISSIONS;
