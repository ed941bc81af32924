/**
 * Which permission each data-plane operation needs: our reading of "Role-based access control for Azure Batch service". All decisions
 * are made at the account's scope. What else allows an operation, and what an auto pool needs besides, is decided in `core/access`.
 */
import { BATCH_PERMISSIONS, type BatchPermission } from "../rbac/batch-permissions.ts";
import type { Permission } from "../rbac/permission.ts";
import type { BatchOperationId } from "./operations.gen.ts";

/** `isRead`: also allowed by `Microsoft.Batch/batchAccounts/read`. */
export function batchOperationAccess(id: BatchOperationId): {
  readonly permission: Permission;
  readonly isRead: boolean;
} {
  const name = batchPermissions[id];
  return { permission: BATCH_PERMISSIONS[name], isRead: name.endsWith("/read") };
}

export const batchPermissions: Readonly<Record<BatchOperationId, BatchPermission>> = {
  Account_ListNodeAgentSkus: "pools/read",
  Account_ListPoolNodeCounts: "pools/read",
  Account_ListSupportedImages: "pools/read",

  Application_Get: "applications/read",
  Application_List: "applications/read",

  Certificate_Add: "certificates/write",
  Certificate_CancelDeletion: "certificates/write",
  Certificate_Delete: "certificates/delete",
  Certificate_Get: "certificates/read",
  Certificate_List: "certificates/read",

  ComputeNode_AddUser: "pools/write",
  ComputeNode_Deallocate: "pools/write",
  ComputeNode_DeleteUser: "pools/write",
  ComputeNode_DisableScheduling: "pools/write",
  ComputeNode_EnableScheduling: "pools/write",
  ComputeNode_Get: "pools/read",
  ComputeNode_GetRemoteDesktop: "pools/read",
  ComputeNode_GetRemoteLoginSettings: "pools/read",
  ComputeNode_List: "pools/read",
  ComputeNode_Reboot: "pools/write",
  ComputeNode_Reimage: "pools/write",
  ComputeNode_Start: "pools/write",
  ComputeNode_UpdateUser: "pools/write",
  ComputeNode_UploadBatchServiceLogs: "pools/write",
  ComputeNodeExtension_Get: "pools/read",
  ComputeNodeExtension_List: "pools/read",

  File_DeleteFromComputeNode: "pools/write",
  File_DeleteFromTask: "jobs/write",
  File_GetFromComputeNode: "pools/read",
  File_GetFromTask: "jobs/read",
  File_GetPropertiesFromComputeNode: "pools/read",
  File_GetPropertiesFromTask: "jobs/read",
  File_ListFromComputeNode: "pools/read",
  File_ListFromTask: "jobs/read",

  Job_Add: "jobs/write",
  Job_Delete: "jobs/delete",
  Job_Disable: "jobs/write",
  Job_Enable: "jobs/write",
  Job_Get: "jobs/read",
  Job_GetAllLifetimeStatistics: "jobs/read",
  Job_GetTaskCounts: "jobs/read",
  Job_List: "jobs/read",
  // Its rows are jobs: who may read jobs may read them by schedule.
  Job_ListFromJobSchedule: "jobs/read",
  Job_ListPreparationAndReleaseTaskStatus: "jobs/read",
  Job_Patch: "jobs/write",
  Job_Terminate: "jobs/write",
  Job_Update: "jobs/write",

  JobSchedule_Add: "jobSchedules/write",
  JobSchedule_Delete: "jobSchedules/delete",
  JobSchedule_Disable: "jobSchedules/write",
  JobSchedule_Enable: "jobSchedules/write",
  JobSchedule_Exists: "jobSchedules/read",
  JobSchedule_Get: "jobSchedules/read",
  JobSchedule_List: "jobSchedules/read",
  JobSchedule_Patch: "jobSchedules/write",
  JobSchedule_Terminate: "jobSchedules/write",
  JobSchedule_Update: "jobSchedules/write",

  Pool_Add: "pools/write",
  Pool_Delete: "pools/delete",
  Pool_DisableAutoScale: "pools/write",
  Pool_EnableAutoScale: "pools/write",
  // A POST that changes nothing.
  Pool_EvaluateAutoScale: "pools/read",
  Pool_Exists: "pools/read",
  Pool_Get: "pools/read",
  Pool_GetAllLifetimeStatistics: "pools/read",
  Pool_List: "pools/read",
  Pool_ListUsageMetrics: "pools/read",
  Pool_Patch: "pools/write",
  Pool_RemoveNodes: "pools/write",
  Pool_Resize: "pools/write",
  Pool_StopResize: "pools/write",
  Pool_UpdateProperties: "pools/write",
  Pool_UpgradeOS: "pools/write",

  Task_Add: "jobs/write",
  Task_AddCollection: "jobs/write",
  Task_Delete: "jobs/write",
  Task_Get: "jobs/read",
  Task_List: "jobs/read",
  Task_ListSubtasks: "jobs/read",
  Task_Reactivate: "jobs/write",
  Task_Terminate: "jobs/write",
  Task_Update: "jobs/write",
};
