/**
 * What the vendor's client libraries call an operation: the ones that were made from Swagger, and those that have taken their place. Sources:
 * Python's and JavaScript's packages (azure-batch 14.2.0 and 15.1.0, @azure/batch 10.2.0 and the API report of 13), the API listing of
 * Azure.Compute.Batch 1.0.0, Java's azure-batch 11.2.0 and the migration guide of azure-compute-batch, the options of Go's azbatch, and for
 * Microsoft.Azure.Batch the reference pages of its operations classes.
 */
import type { BatchOperationId } from "./operations.gen.ts";

export const clientLanguages = ["Python", "JavaScript", ".NET", "Java", "Go"] as const;
export type ClientLanguage = (typeof clientLanguages)[number];

/** Undefined: the library has no method for it. */
export interface ClientMethod {
  readonly once: string | undefined;
  readonly now: string | undefined;
}

interface MethodNames {
  /** Of the libraries of today, in lower camel case. */
  readonly now?: string;
  /** Python and Java put `begin` before the ones that wait for an end. */
  readonly waits?: true;
  /** The old libraries that have names of their own; the others took the operation's id. */
  readonly java?: string;
  readonly dotnet?: string;
  /** Where Python's name of today is no other spelling of `now`, or .NET's. */
  readonly pythonNow?: string;
  readonly dotnetNow?: string;
}

const METHODS: Readonly<Record<BatchOperationId, MethodNames>> = {
  Account_ListNodeAgentSkus: { java: "listNodeAgentSkus", dotnet: "PoolOperations.ListNodeAgentSkus" },
  Account_ListPoolNodeCounts: {
    now: "listPoolNodeCounts",
    java: "accountOperations().listPoolNodeCounts",
    dotnet: "PoolOperations.ListPoolNodeCounts",
  },
  Account_ListSupportedImages: {
    now: "listSupportedImages",
    java: "accountOperations().listSupportedImages",
    dotnet: "PoolOperations.ListSupportedImages",
  },
  Application_Get: {
    now: "getApplication",
    java: "applicationOperations().getApplication",
    dotnet: "ApplicationOperations.GetApplicationSummary",
  },
  Application_List: {
    now: "listApplications",
    java: "applicationOperations().listApplications",
    dotnet: "ApplicationOperations.ListApplicationSummaries",
  },
  Certificate_Add: {
    java: "certificateOperations().createCertificate",
    dotnet: "CertificateOperations.CreateCertificateFromPfx, Certificate.Commit",
  },
  Certificate_CancelDeletion: {
    java: "certificateOperations().cancelDeleteCertificate",
    dotnet: "CertificateOperations.CancelDeleteCertificate",
  },
  Certificate_Delete: {
    java: "certificateOperations().deleteCertificate",
    dotnet: "CertificateOperations.DeleteCertificate",
  },
  Certificate_Get: {
    java: "certificateOperations().getCertificate",
    dotnet: "CertificateOperations.GetCertificate",
  },
  Certificate_List: {
    java: "certificateOperations().listCertificates",
    dotnet: "CertificateOperations.ListCertificates",
  },
  ComputeNodeExtension_Get: { now: "getNodeExtension", dotnet: "PoolOperations.GetComputeNodeExtension" },
  ComputeNodeExtension_List: {
    now: "listNodeExtensions",
    dotnet: "PoolOperations.ListComputeNodeExtensions",
  },
  ComputeNode_AddUser: {
    now: "createNodeUser",
    java: "computeNodeOperations().addComputeNodeUser",
    dotnet: "ComputeNodeUser.Commit",
  },
  ComputeNode_Deallocate: {
    now: "deallocateNode",
    waits: true,
    java: "computeNodeOperations().deallocateComputeNode",
    dotnet: "ComputeNode.Deallocate",
  },
  ComputeNode_DeleteUser: {
    now: "deleteNodeUser",
    java: "computeNodeOperations().deleteComputeNodeUser",
    dotnet: "PoolOperations.DeleteComputeNodeUser",
  },
  ComputeNode_DisableScheduling: {
    now: "disableNodeScheduling",
    java: "computeNodeOperations().disableComputeNodeScheduling",
    dotnet: "PoolOperations.DisableComputeNodeScheduling",
  },
  ComputeNode_EnableScheduling: {
    now: "enableNodeScheduling",
    java: "computeNodeOperations().enableComputeNodeScheduling",
    dotnet: "PoolOperations.EnableComputeNodeScheduling",
  },
  ComputeNode_Get: {
    now: "getNode",
    java: "computeNodeOperations().getComputeNode",
    dotnet: "PoolOperations.GetComputeNode",
  },
  ComputeNode_GetRemoteDesktop: { dotnet: "PoolOperations.GetRDPFile" },
  ComputeNode_GetRemoteLoginSettings: {
    now: "getNodeRemoteLoginSettings",
    java: "computeNodeOperations().getComputeNodeRemoteLoginSettings",
    dotnet: "PoolOperations.GetRemoteLoginSettings",
  },
  ComputeNode_List: {
    now: "listNodes",
    java: "computeNodeOperations().listComputeNodes",
    dotnet: "PoolOperations.ListComputeNodes",
  },
  ComputeNode_Reboot: {
    now: "rebootNode",
    waits: true,
    java: "computeNodeOperations().rebootComputeNode",
    dotnet: "PoolOperations.Reboot",
  },
  ComputeNode_Reimage: {
    now: "reimageNode",
    waits: true,
    java: "computeNodeOperations().reimageComputeNode",
    dotnet: "PoolOperations.Reimage",
  },
  ComputeNode_Start: {
    now: "startNode",
    waits: true,
    java: "computeNodeOperations().startComputeNode",
    dotnet: "ComputeNode.Start",
  },
  ComputeNode_UpdateUser: {
    now: "replaceNodeUser",
    java: "computeNodeOperations().updateComputeNodeUser",
    dotnet: "ComputeNodeUser.Commit",
  },
  ComputeNode_UploadBatchServiceLogs: {
    now: "uploadNodeLogs",
    java: "computeNodeOperations().uploadBatchServiceLogs",
    dotnet: "PoolOperations.UploadComputeNodeBatchServiceLogs",
  },
  File_DeleteFromComputeNode: {
    now: "deleteNodeFile",
    java: "fileOperations().deleteFileFromComputeNode",
    dotnet: "PoolOperations.DeleteNodeFile",
  },
  File_DeleteFromTask: {
    now: "deleteTaskFile",
    java: "fileOperations().deleteFileFromTask",
    dotnet: "JobOperations.DeleteNodeFile",
  },
  File_GetFromComputeNode: {
    now: "getNodeFile",
    pythonNow: "download_node_file",
    java: "fileOperations().getFileFromComputeNode",
    dotnet: "NodeFile.CopyToStream",
  },
  File_GetFromTask: {
    now: "getTaskFile",
    pythonNow: "download_task_file",
    java: "fileOperations().getFileFromTask",
    dotnet: "NodeFile.CopyToStream",
  },
  File_GetPropertiesFromComputeNode: {
    now: "getNodeFileProperties",
    java: "fileOperations().getFilePropertiesFromComputeNode",
    dotnet: "PoolOperations.GetNodeFile",
  },
  File_GetPropertiesFromTask: {
    now: "getTaskFileProperties",
    java: "fileOperations().getFilePropertiesFromTask",
    dotnet: "JobOperations.GetNodeFile",
  },
  File_ListFromComputeNode: {
    now: "listNodeFiles",
    java: "fileOperations().listFilesFromComputeNode",
    dotnet: "PoolOperations.ListNodeFiles",
  },
  File_ListFromTask: {
    now: "listTaskFiles",
    java: "fileOperations().listFilesFromTask",
    dotnet: "JobOperations.ListNodeFiles",
  },
  JobSchedule_Add: {
    now: "createJobSchedule",
    java: "jobScheduleOperations().createJobSchedule",
    dotnet: "CloudJobSchedule.Commit",
  },
  JobSchedule_Delete: {
    now: "deleteJobSchedule",
    waits: true,
    java: "jobScheduleOperations().deleteJobSchedule",
    dotnet: "JobScheduleOperations.DeleteJobSchedule",
  },
  JobSchedule_Disable: {
    now: "disableJobSchedule",
    java: "jobScheduleOperations().disableJobSchedule",
    dotnet: "JobScheduleOperations.DisableJobSchedule",
  },
  JobSchedule_Enable: {
    now: "enableJobSchedule",
    java: "jobScheduleOperations().enableJobSchedule",
    dotnet: "JobScheduleOperations.EnableJobSchedule",
  },
  JobSchedule_Exists: { now: "jobScheduleExists", java: "jobScheduleOperations().existsJobSchedule" },
  JobSchedule_Get: {
    now: "getJobSchedule",
    java: "jobScheduleOperations().getJobSchedule",
    dotnet: "JobScheduleOperations.GetJobSchedule",
  },
  JobSchedule_List: {
    now: "listJobSchedules",
    java: "jobScheduleOperations().listJobSchedules",
    dotnet: "JobScheduleOperations.ListJobSchedules",
  },
  JobSchedule_Patch: {
    now: "updateJobSchedule",
    java: "jobScheduleOperations().patchJobSchedule",
    dotnet: "CloudJobSchedule.CommitChanges",
  },
  JobSchedule_Terminate: {
    now: "terminateJobSchedule",
    waits: true,
    java: "jobScheduleOperations().terminateJobSchedule",
    dotnet: "JobScheduleOperations.TerminateJobSchedule",
  },
  JobSchedule_Update: {
    now: "replaceJobSchedule",
    java: "jobScheduleOperations().updateJobSchedule",
    dotnet: "CloudJobSchedule.Commit",
  },
  Job_Add: { now: "createJob", java: "jobOperations().createJob", dotnet: "CloudJob.Commit" },
  Job_Delete: {
    now: "deleteJob",
    waits: true,
    java: "jobOperations().deleteJob",
    dotnet: "JobOperations.DeleteJob",
  },
  Job_Disable: {
    now: "disableJob",
    waits: true,
    java: "jobOperations().disableJob",
    dotnet: "JobOperations.DisableJob",
  },
  Job_Enable: {
    now: "enableJob",
    waits: true,
    java: "jobOperations().enableJob",
    dotnet: "JobOperations.EnableJob",
  },
  Job_Get: { now: "getJob", java: "jobOperations().getJob", dotnet: "JobOperations.GetJob" },
  Job_GetAllLifetimeStatistics: {
    java: "jobOperations().getAllJobsLifetimeStatistics",
    dotnet: "JobOperations.GetAllLifetimeStatistics",
  },
  Job_GetTaskCounts: {
    now: "getJobTaskCounts",
    java: "jobOperations().getTaskCountsResult",
    dotnet: "JobOperations.GetJobTaskCounts",
  },
  Job_List: { now: "listJobs", java: "jobOperations().listJobs", dotnet: "JobOperations.ListJobs" },
  Job_ListFromJobSchedule: {
    now: "listJobsFromSchedule",
    dotnetNow: "GetJobsFromSchedules",
    java: "jobOperations().listJobs",
    dotnet: "JobScheduleOperations.ListJobs",
  },
  Job_ListPreparationAndReleaseTaskStatus: {
    now: "listJobPreparationAndReleaseTaskStatus",
    dotnetNow: "GetJobPreparationAndReleaseTaskStatuses",
    java: "jobOperations().listPreparationAndReleaseTaskStatus",
    dotnet: "JobOperations.ListJobPreparationAndReleaseTaskStatus",
  },
  Job_Patch: { now: "updateJob", java: "jobOperations().patchJob", dotnet: "CloudJob.CommitChanges" },
  Job_Terminate: {
    now: "terminateJob",
    waits: true,
    java: "jobOperations().terminateJob",
    dotnet: "JobOperations.TerminateJob",
  },
  Job_Update: { now: "replaceJob", java: "jobOperations().updateJob", dotnet: "CloudJob.Commit" },
  Pool_Add: { now: "createPool", java: "poolOperations().createPool", dotnet: "CloudPool.Commit" },
  Pool_Delete: {
    now: "deletePool",
    waits: true,
    java: "poolOperations().deletePool",
    dotnet: "PoolOperations.DeletePool",
  },
  Pool_DisableAutoScale: {
    now: "disablePoolAutoScale",
    java: "poolOperations().disableAutoScale",
    dotnet: "PoolOperations.DisableAutoScale",
  },
  Pool_EnableAutoScale: {
    now: "enablePoolAutoScale",
    java: "poolOperations().enableAutoScale",
    dotnet: "PoolOperations.EnableAutoScale",
  },
  Pool_EvaluateAutoScale: {
    now: "evaluatePoolAutoScale",
    java: "poolOperations().evaluateAutoScale",
    dotnet: "PoolOperations.EvaluateAutoScale",
  },
  Pool_Exists: { now: "poolExists", java: "poolOperations().existsPool" },
  Pool_Get: { now: "getPool", java: "poolOperations().getPool", dotnet: "PoolOperations.GetPool" },
  Pool_GetAllLifetimeStatistics: {
    java: "poolOperations().getAllPoolsLifetimeStatistics",
    dotnet: "PoolOperations.GetAllLifetimeStatistics",
  },
  Pool_List: { now: "listPools", java: "poolOperations().listPools", dotnet: "PoolOperations.ListPools" },
  Pool_ListUsageMetrics: {
    now: "listPoolUsageMetrics",
    java: "poolOperations().listPoolUsageMetrics",
    dotnet: "PoolOperations.ListPoolUsageMetrics",
  },
  Pool_Patch: { now: "updatePool", java: "poolOperations().patchPool", dotnet: "CloudPool.CommitChanges" },
  Pool_RemoveNodes: {
    now: "removeNodes",
    waits: true,
    java: "poolOperations().removeNodesFromPool",
    dotnet: "PoolOperations.RemoveFromPool",
  },
  Pool_Resize: {
    now: "resizePool",
    waits: true,
    java: "poolOperations().resizePool",
    dotnet: "PoolOperations.ResizePool",
  },
  Pool_StopResize: {
    now: "stopPoolResize",
    waits: true,
    java: "poolOperations().stopResizePool",
    dotnet: "PoolOperations.StopResizePool",
  },
  Pool_UpdateProperties: {
    now: "replacePoolProperties",
    java: "poolOperations().updatePoolProperties",
    dotnet: "CloudPool.Commit",
  },
  Pool_UpgradeOS: { dotnet: "PoolOperations.ChangeOSVersion" },
  Task_Add: { now: "createTask", java: "taskOperations().createTask", dotnet: "JobOperations.AddTask" },
  Task_AddCollection: {
    now: "createTaskCollection",
    java: "taskOperations().createTasks",
    dotnet: "JobOperations.AddTask",
  },
  Task_Delete: { now: "deleteTask", java: "taskOperations().deleteTask", dotnet: "JobOperations.DeleteTask" },
  Task_Get: { now: "getTask", java: "taskOperations().getTask", dotnet: "JobOperations.GetTask" },
  Task_List: { now: "listTasks", java: "taskOperations().listTasks", dotnet: "JobOperations.ListTasks" },
  Task_ListSubtasks: {
    now: "listSubTasks",
    pythonNow: "list_subtasks",
    java: "taskOperations().listSubtasks",
    dotnet: "JobOperations.ListSubtasks",
  },
  Task_Reactivate: {
    now: "reactivateTask",
    java: "taskOperations().reactivateTask",
    dotnet: "JobOperations.ReactivateTask",
  },
  Task_Terminate: {
    now: "terminateTask",
    java: "taskOperations().terminateTask",
    dotnet: "JobOperations.TerminateTask",
  },
  Task_Update: { now: "replaceTask", java: "taskOperations().updateTask", dotnet: "CloudTask.Commit" },
};

const snake = (camel: string) =>
  camel.replace(/[A-Z]+/g, (letters) => `_${letters.toLowerCase()}`).replace(/^_/, "");
const lower = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);
const upper = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

/** The methods of both generations, by language. */
export function clientMethods(id: BatchOperationId): Readonly<Record<ClientLanguage, ClientMethod>> {
  const names = METHODS[id];
  const [group = "", method = ""] = id.split("_");
  const { now } = names;
  const ifNow = (name: (now: string) => string) => (now === undefined ? undefined : name(now));
  return {
    Python: {
      once: sinceTypeSpec(id) ? undefined : `${snake(group)}.${snake(method)}`,
      now: ifNow((name) => names.pythonNow ?? `${names.waits ? "begin_" : ""}${snake(name)}`),
    },
    JavaScript: {
      once: sinceTypeSpec(id)
        ? undefined
        : `${lower(group)}.${method === "Delete" ? "deleteMethod" : lower(method)}`,
      now,
    },
    ".NET": {
      once: names.dotnet,
      now: ifNow((name) => names.dotnetNow ?? upper(name.replace(/^list/, "get"))),
    },
    Java: { once: names.java, now: ifNow((name) => (names.waits ? `begin${upper(name)}` : name)) },
    Go: {
      once: sinceTypeSpec(id) ? undefined : `${group}Client.${method}`,
      now: ifNow((name) => (name.startsWith("list") ? `New${upper(name)}Pager` : upper(name))),
    },
  };
}

/** They came when Python's, JavaScript's and Go's old libraries had had their last release. */
const sinceTypeSpec = (id: BatchOperationId) => id === "ComputeNode_Deallocate" || id === "ComputeNode_Start";
