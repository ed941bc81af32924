/**
 * Which permission each data-plane operation needs. This is our reading of "Role-based access control for Azure Batch service": jobs
 * and job schedules are data actions, everything else actions. All decisions are made at the account's scope; a job or schedule with
 * an auto pool needs `AUTO_POOL_PERMISSION` besides.
 */
import type { BatchOperationId } from "./operations.gen.ts";

export interface Permission {
  /** E.g. `Microsoft.Batch/batchAccounts/jobs/read`. */
  readonly name: string;
  /** The field of a role in which it counts, and the only one. */
  readonly kind: "action" | "dataAction";
  /** Also allowed by `Microsoft.Batch/batchAccounts/read`. */
  readonly read: boolean;
}

const permission = (kind: Permission["kind"], path: string): Permission => ({
  name: `Microsoft.Batch/batchAccounts/${path}`,
  kind,
  read: path.endsWith("/read"),
});

const jobsRead = permission("dataAction", "jobs/read");
const jobsWrite = permission("dataAction", "jobs/write");
const jobsDelete = permission("dataAction", "jobs/delete");
const schedulesRead = permission("dataAction", "jobSchedules/read");
const schedulesWrite = permission("dataAction", "jobSchedules/write");
const schedulesDelete = permission("dataAction", "jobSchedules/delete");
const poolsRead = permission("action", "pools/read");
const poolsWrite = permission("action", "pools/write");
const poolsDelete = permission("action", "pools/delete");
const certificatesRead = permission("action", "certificates/read");
const certificatesWrite = permission("action", "certificates/write");
const certificatesDelete = permission("action", "certificates/delete");
const applicationsRead = permission("action", "applications/read");

/** Any of these actions, held at the account, stands in for the operation's own permission; the second for reads only. */
export const ANY_OPERATION_ACTION = "Microsoft.Batch/batchAccounts/listKeys/action";
export const ANY_READ_ACTION = "Microsoft.Batch/batchAccounts/read";

export const AUTO_POOL_PERMISSION = poolsWrite;

export const batchPermissions: Readonly<Record<BatchOperationId, Permission>> = {
  Account_ListNodeAgentSkus: poolsRead,
  Account_ListPoolNodeCounts: poolsRead,
  Account_ListSupportedImages: poolsRead,

  Application_Get: applicationsRead,
  Application_List: applicationsRead,

  Certificate_Add: certificatesWrite,
  Certificate_CancelDeletion: certificatesWrite,
  Certificate_Delete: certificatesDelete,
  Certificate_Get: certificatesRead,
  Certificate_List: certificatesRead,

  ComputeNode_AddUser: poolsWrite,
  ComputeNode_Deallocate: poolsWrite,
  ComputeNode_DeleteUser: poolsWrite,
  ComputeNode_DisableScheduling: poolsWrite,
  ComputeNode_EnableScheduling: poolsWrite,
  ComputeNode_Get: poolsRead,
  ComputeNode_GetRemoteDesktop: poolsRead,
  ComputeNode_GetRemoteLoginSettings: poolsRead,
  ComputeNode_List: poolsRead,
  ComputeNode_Reboot: poolsWrite,
  ComputeNode_Reimage: poolsWrite,
  ComputeNode_Start: poolsWrite,
  ComputeNode_UpdateUser: poolsWrite,
  ComputeNode_UploadBatchServiceLogs: poolsWrite,
  ComputeNodeExtension_Get: poolsRead,
  ComputeNodeExtension_List: poolsRead,

  File_DeleteFromComputeNode: poolsWrite,
  File_DeleteFromTask: jobsWrite,
  File_GetFromComputeNode: poolsRead,
  File_GetFromTask: jobsRead,
  File_GetPropertiesFromComputeNode: poolsRead,
  File_GetPropertiesFromTask: jobsRead,
  File_ListFromComputeNode: poolsRead,
  File_ListFromTask: jobsRead,

  Job_Add: jobsWrite,
  Job_Delete: jobsDelete,
  Job_Disable: jobsWrite,
  Job_Enable: jobsWrite,
  Job_Get: jobsRead,
  Job_GetAllLifetimeStatistics: jobsRead,
  Job_GetTaskCounts: jobsRead,
  Job_List: jobsRead,
  // Its rows are jobs: who may read jobs may read them by schedule.
  Job_ListFromJobSchedule: jobsRead,
  Job_ListPreparationAndReleaseTaskStatus: jobsRead,
  Job_Patch: jobsWrite,
  Job_Terminate: jobsWrite,
  Job_Update: jobsWrite,

  JobSchedule_Add: schedulesWrite,
  JobSchedule_Delete: schedulesDelete,
  JobSchedule_Disable: schedulesWrite,
  JobSchedule_Enable: schedulesWrite,
  JobSchedule_Exists: schedulesRead,
  JobSchedule_Get: schedulesRead,
  JobSchedule_List: schedulesRead,
  JobSchedule_Patch: schedulesWrite,
  JobSchedule_Terminate: schedulesWrite,
  JobSchedule_Update: schedulesWrite,

  Pool_Add: poolsWrite,
  Pool_Delete: poolsDelete,
  Pool_DisableAutoScale: poolsWrite,
  Pool_EnableAutoScale: poolsWrite,
  // A POST that changes nothing.
  Pool_EvaluateAutoScale: poolsRead,
  Pool_Exists: poolsRead,
  Pool_Get: poolsRead,
  Pool_GetAllLifetimeStatistics: poolsRead,
  Pool_List: poolsRead,
  Pool_ListUsageMetrics: poolsRead,
  Pool_Patch: poolsWrite,
  Pool_RemoveNodes: poolsWrite,
  Pool_Resize: poolsWrite,
  Pool_StopResize: poolsWrite,
  Pool_UpdateProperties: poolsWrite,
  Pool_UpgradeOS: poolsWrite,

  Task_Add: jobsWrite,
  Task_AddCollection: jobsWrite,
  Task_Delete: jobsWrite,
  Task_Get: jobsRead,
  Task_List: jobsRead,
  Task_ListSubtasks: jobsRead,
  Task_Reactivate: jobsWrite,
  Task_Terminate: jobsWrite,
  Task_Update: jobsWrite,
};
