/**
 * The permission matrix against expectations written by hand from the page on role-based access control for Azure Batch: the generated
 * page shows what the evaluator does, this says what it should do.
 */
import { expect, test } from "vitest";
import { type BatchOperationId, batchOperations } from "../../src/wire/batch/operations.gen.ts";
import {
  DOCUMENTED_PERMISSIONS,
  dataPlaneMatrix,
  managementMatrix,
  REVIEWED_ROLES,
  singlePermissionRole,
} from "../../tools/permission-matrix.ts";

type Documented = (typeof DOCUMENTED_PERMISSIONS)[number];

const ids = Object.keys(batchOperations) as BatchOperationId[];
const reads = ids
  .filter((id) => ["GET", "HEAD"].includes(batchOperations[id].method))
  .concat("Pool_EvaluateAutoScale");
const words = (text: string) => text.trim().split(/\s+/);

const ALLOWED: Readonly<Record<Documented, readonly string[]>> = {
  "pools/write": words(`
    ComputeNode_AddUser ComputeNode_Deallocate ComputeNode_DeleteUser ComputeNode_DisableScheduling
    ComputeNode_EnableScheduling ComputeNode_Reboot ComputeNode_Reimage ComputeNode_Start ComputeNode_UpdateUser
    ComputeNode_UploadBatchServiceLogs File_DeleteFromComputeNode Pool_Add Pool_DisableAutoScale Pool_EnableAutoScale
    Pool_Patch Pool_RemoveNodes Pool_Resize Pool_StopResize Pool_UpdateProperties Pool_UpgradeOS`),
  "pools/delete": ["Pool_Delete"],
  "pools/read": words(`
    Account_ListNodeAgentSkus Account_ListPoolNodeCounts Account_ListSupportedImages ComputeNode_Get
    ComputeNode_GetRemoteDesktop ComputeNode_GetRemoteLoginSettings ComputeNode_List ComputeNodeExtension_Get
    ComputeNodeExtension_List File_GetFromComputeNode File_GetPropertiesFromComputeNode File_ListFromComputeNode
    Pool_EvaluateAutoScale Pool_Exists Pool_Get Pool_GetAllLifetimeStatistics Pool_List Pool_ListUsageMetrics`),
  "jobSchedules/write": words(`
    JobSchedule_Add JobSchedule_Disable JobSchedule_Enable JobSchedule_Patch JobSchedule_Terminate JobSchedule_Update`),
  "jobSchedules/delete": ["JobSchedule_Delete"],
  "jobSchedules/read": words("JobSchedule_Exists JobSchedule_Get JobSchedule_List"),
  "jobs/write": words(`
    File_DeleteFromTask Job_Add Job_Disable Job_Enable Job_Patch Job_Terminate Job_Update Task_Add Task_AddCollection
    Task_Delete Task_Reactivate Task_Terminate Task_Update`),
  "jobs/delete": ["Job_Delete"],
  "jobs/read": words(`
    File_GetFromTask File_GetPropertiesFromTask File_ListFromTask Job_Get Job_GetAllLifetimeStatistics Job_GetTaskCounts
    Job_List Job_ListFromJobSchedule Job_ListPreparationAndReleaseTaskStatus Task_Get Task_List Task_ListSubtasks`),
  "certificates/write": words("Certificate_Add Certificate_CancelDeletion"),
  "certificates/delete": ["Certificate_Delete"],
  "certificates/read": words("Certificate_Get Certificate_List"),
  read: reads,
  "listKeys/action": [
    ...ids,
    ...words("Job_Add Job_Patch Job_Update JobSchedule_Add JobSchedule_Patch JobSchedule_Update").map(
      withAutoPool,
    ),
  ],
};

function withAutoPool(id: string): string {
  return `${id}, with an auto pool`;
}

test.each(DOCUMENTED_PERMISSIONS)(
  "a role of only %s allows on the data plane exactly what it names",
  (name) => {
    const rows = dataPlaneMatrix([singlePermissionRole(name)]);
    const allowed = rows.filter(({ allowed: [yes] }) => yes).map(({ operation }) => operation);
    expect(allowed.sort()).toEqual([...ALLOWED[name]].sort());
  },
);

test("but for applications, every operation is allowed by one of the documented permissions alone", () => {
  const { read: _, "listKeys/action": __, ...own } = ALLOWED;
  const covered = new Set(Object.values(own).flat());
  expect(ids.filter((id) => !covered.has(id))).toEqual(["Application_Get", "Application_List"]);
});

const row = (matrix: ReturnType<typeof dataPlaneMatrix>, operation: string) => {
  const allowed = matrix.find((candidate) => candidate.operation === operation)?.allowed;
  return REVIEWED_ROLES.filter((_, index) => allowed?.[index]).map(({ roleName }) =>
    roleName.replace("Azure Batch ", ""),
  );
};

test.each<[string, string]>([
  [
    "Job_Get",
    "Owner, Contributor, Reader, Account Contributor, Account Reader, Data Contributor, Job Submitter",
  ],
  ["Job_Add", "Owner, Contributor, Account Contributor, Data Contributor, Job Submitter"],
  ["Job_Add, with an auto pool", "Owner, Contributor, Account Contributor, Data Contributor"],
  [
    "Pool_Get",
    "Owner, Contributor, Reader, Account Contributor, Account Reader, Data Contributor, Job Submitter",
  ],
  ["Pool_Add", "Owner, Contributor, Account Contributor, Data Contributor"],
  ["Certificate_Get", "Owner, Contributor, Reader, Account Contributor, Account Reader, Data Contributor"],
])("on the data plane, %s is allowed to: %s", (operation, roles) => {
  expect(row(dataPlaneMatrix(REVIEWED_ROLES), operation).join(", ")).toBe(roles);
});

test.each<[string, string]>([
  [
    "Microsoft.Batch/BatchAccount_Get",
    "Owner, Contributor, Reader, Account Contributor, Account Reader, Data Contributor",
  ],
  ["Microsoft.Batch/BatchAccount_Create", "Owner, Contributor, Account Contributor"],
  ["Microsoft.Batch/BatchAccount_GetKeys", "Owner, Contributor, Account Contributor"],
  ["Microsoft.Batch/Pool_Create", "Owner, Contributor, Account Contributor, Data Contributor"],
  ["Microsoft.Authorization/RoleAssignments_Create", "Owner"],
  ["Microsoft.Authorization/RoleAssignments_Delete", "Owner"],
  ["Microsoft.Authorization/RoleDefinitions_CreateOrUpdate", "Owner"],
  ["Microsoft.Resources/ResourceGroups_Delete", "Owner, Contributor"],
])("in Resource Manager, %s is allowed to: %s", (operation, roles) => {
  expect(row(managementMatrix(REVIEWED_ROLES), operation).join(", ")).toBe(roles);
});
