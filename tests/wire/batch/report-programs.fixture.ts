/**
 * What the reports of five programs are to say. Written by hand, from the programs and the list of what each api-version changed, of dates, and
 * of methods before and since 15 (`VERSIONS-2025-2026.md` beside the API descriptions, sections 1, 4 and 5); not taken from a report.
 */
const RETIRED =
  "[announced 2026-05-15 for all before 2025-06-01; no date of effect is known (a year's notice is the rule: not before mid-May 2027)]";
const KEY_VAULT =
  "since 2025-06-01 -> secrets in Key Vault, installed by the Key Vault VM extension with the pool's identity [2024-02-29: certificates of pools]";
const SIMPLIFIED =
  "since 2025-06-01 -> leave it out: every pool has simplified communication (outbound 443 to BatchNodeManagement.<region>) [2026-03-31: classic node communication]";
const MANAGED_DISK = "since 2025-06-01 -> dataDisks[].managedDisk.storageAccountType";
const PYTHON_15 = "-> 2025-06-01: azure-batch 15.1.0 (docs/guides/migrate.md)";

/** Operation, then before and now in Python, JavaScript, .NET, Java and Go. */
const METHODS: Readonly<Record<string, string>> = {
  Certificate_Add:
    "certificate.add -> none | certificate.add -> none | CertificateOperations.CreateCertificateFromPfx, Certificate.Commit -> none | certificateOperations().createCertificate -> none | CertificateClient.Add -> none",
  Certificate_List:
    "certificate.list -> none | certificate.list -> none | CertificateOperations.ListCertificates -> none | certificateOperations().listCertificates -> none | CertificateClient.List -> none",
  Job_Add:
    "job.add -> create_job | job.add -> createJob | CloudJob.Commit -> CreateJob | jobOperations().createJob -> createJob | JobClient.Add -> CreateJob",
  Job_Delete:
    "job.delete -> begin_delete_job | job.deleteMethod -> deleteJob | JobOperations.DeleteJob -> DeleteJob | jobOperations().deleteJob -> beginDeleteJob | JobClient.Delete -> DeleteJob",
  Job_Get:
    "job.get -> get_job | job.get -> getJob | JobOperations.GetJob -> GetJob | jobOperations().getJob -> getJob | JobClient.Get -> GetJob",
  Job_GetTaskCounts:
    "job.get_task_counts -> get_job_task_counts | job.getTaskCounts -> getJobTaskCounts | JobOperations.GetJobTaskCounts -> GetJobTaskCounts | jobOperations().getTaskCountsResult -> getJobTaskCounts | JobClient.GetTaskCounts -> GetJobTaskCounts",
  Job_List:
    "job.list -> list_jobs | job.list -> listJobs | JobOperations.ListJobs -> GetJobs | jobOperations().listJobs -> listJobs | JobClient.List -> NewListJobsPager",
  Pool_Add:
    "pool.add -> create_pool | pool.add -> createPool | CloudPool.Commit -> CreatePool | poolOperations().createPool -> createPool | PoolClient.Add -> CreatePool",
  Pool_Delete:
    "pool.delete -> begin_delete_pool | pool.deleteMethod -> deletePool | PoolOperations.DeletePool -> DeletePool | poolOperations().deletePool -> beginDeletePool | PoolClient.Delete -> DeletePool",
  Pool_Get:
    "pool.get -> get_pool | pool.get -> getPool | PoolOperations.GetPool -> GetPool | poolOperations().getPool -> getPool | PoolClient.Get -> GetPool",
  Pool_Patch:
    "pool.patch -> update_pool | pool.patch -> updatePool | CloudPool.CommitChanges -> UpdatePool | poolOperations().patchPool -> updatePool | PoolClient.Patch -> UpdatePool",
  Pool_Resize:
    "pool.resize -> begin_resize_pool | pool.resize -> resizePool | PoolOperations.ResizePool -> ResizePool | poolOperations().resizePool -> beginResizePool | PoolClient.Resize -> ResizePool",
  Task_Add:
    "task.add -> create_task | task.add -> createTask | JobOperations.AddTask -> CreateTask | taskOperations().createTask -> createTask | TaskClient.Add -> CreateTask",
  Task_AddCollection:
    "task.add_collection -> create_task_collection | task.addCollection -> createTaskCollection | JobOperations.AddTask -> CreateTaskCollection | taskOperations().createTasks -> createTaskCollection | TaskClient.AddCollection -> CreateTaskCollection",
  Task_Get:
    "task.get -> get_task | task.get -> getTask | JobOperations.GetTask -> GetTask | taskOperations().getTask -> getTask | TaskClient.Get -> GetTask",
  Task_List:
    "task.list -> list_tasks | task.list -> listTasks | JobOperations.ListTasks -> GetTasks | taskOperations().listTasks -> listTasks | TaskClient.List -> NewListTasksPager",
};

const methods = (...operations: readonly string[]) => operations.map((id) => `${id} | ${METHODS[id]}`);
/** Of one operation, as often as its requests. */
const same = (kind: string, operation: string, names: string, times = 1) =>
  names.split(" ").map((name) => `unchanged ${kind} ${name} ${operation} ×${times}`);
const operations = (names: string, times = 1) =>
  names.split(" ").map((name) => `unchanged operation ${name} ×${times}`);

const MACHINE = "virtualMachineConfiguration";
const IMAGE = [
  MACHINE,
  `${MACHINE}.imageReference`,
  `${MACHINE}.imageReference.offer`,
  `${MACHINE}.imageReference.publisher`,
  `${MACHINE}.imageReference.sku`,
  `${MACHINE}.nodeAgentSKUId`,
].join(" ");

export const SAMPLE: readonly string[] = [
  "Python azure-batch 10.0.0, 2020-09-01.12.0, 1",
  `renamed api-version 2020-09-01.12.0 ×1 ${PYTHON_15} ${RETIRED}`,
  ...operations("Job_List"),
  ...methods("Job_List"),
  "things: 1, ready: false",
];

export const JOB_MANAGER: readonly string[] = [
  "Python azure-batch 8.0.0, 2019-08-01.10.0, 8",
  "changed operation Job_GetTaskCounts ×1 since 2020-09-01.12.0 -> its reply is a TaskCountsResult",
  `gone operation Certificate_Add ×1 ${KEY_VAULT}`,
  `gone operation Certificate_List ×1 ${KEY_VAULT}`,
  `gone property certificateReferences Pool_Add ×1 ${KEY_VAULT}`,
  "gone property cloudServiceConfiguration Pool_Add ×1 since 2024-07-01.20.0 -> virtualMachineConfiguration [2024-02-29: pools of cloud services]",
  "gone property jobManagerTask.authenticationTokenSettings Job_Add ×1 since 2025-06-01 -> the pool's user-assigned identity, with a role on the Batch account [2024-09-30: authentication tokens of tasks]",
  `renamed api-version 2019-08-01.10.0 ×8 ${PYTHON_15} ${RETIRED}`,
  "renamed property maxTasksPerNode Pool_Add ×1 since 2020-09-01.12.0 -> taskSlotsPerNode",
  ...operations("Job_Add Job_Delete Pool_Add Task_AddCollection Task_List"),
  ...same(
    "property",
    "Job_Add",
    "id jobManagerTask jobManagerTask.commandLine jobManagerTask.id onAllTasksComplete poolInfo poolInfo.poolId",
  ),
  ...same("property", "Pool_Add", "id targetDedicatedNodes vmSize"),
  ...same("property", "Task_AddCollection", "value value[].commandLine value[].id"),
  ...same("selected", "Task_List", "id state"),
  ...same("value", "Job_Add", "OnAllTasksComplete.terminatejob"),
  ...methods("Certificate_Add", "Certificate_List", "Job_Add", "Job_Delete", "Job_GetTaskCounts"),
  ...methods("Pool_Add", "Task_AddCollection", "Task_List"),
  "things: 8, ready: false",
];

export const DOTNET: readonly string[] = [
  ".NET Microsoft.Azure.Batch 16.3.1, 2024-07-01.20.0, 6",
  `gone property targetNodeCommunicationMode Pool_Patch ×1 ${SIMPLIFIED}`,
  `gone selected currentNodeCommunicationMode Pool_Get ×1 ${SIMPLIFIED}`,
  `renamed api-version 2024-07-01.20.0 ×6 -> 2025-06-01: Azure.Compute.Batch 1.0.0 ${RETIRED}`,
  `renamed property ${MACHINE}.dataDisks[].storageAccountType Pool_Add ×1 ${MANAGED_DISK}`,
  ...operations("Pool_Add Pool_Delete Pool_Patch Pool_Resize"),
  ...operations("Pool_Get", 2),
  ...same("property", "Pool_Add", `id targetDedicatedNodes targetLowPriorityNodes vmSize ${IMAGE}`),
  ...same(
    "property",
    "Pool_Add",
    `${MACHINE}.dataDisks ${MACHINE}.dataDisks[].diskSizeGB ${MACHINE}.dataDisks[].lun`,
  ),
  ...same("property", "Pool_Patch", "metadata"),
  ...same("property", "Pool_Resize", "nodeDeallocationOption targetDedicatedNodes"),
  ...same("selected", "Pool_Get", "id state"),
  ...same("value", "Pool_Resize", "ComputeNodeDeallocationOption.retaineddata"),
  `reply: gone shown certificateReferences Pool_Get ×1 ${KEY_VAULT}`,
  `reply: gone shown currentNodeCommunicationMode Pool_Get ×2 ${SIMPLIFIED}`,
  `reply: gone shown targetNodeCommunicationMode Pool_Get ×1 ${SIMPLIFIED}`,
  `reply: renamed shown ${MACHINE}.dataDisks[].storageAccountType Pool_Get ×1 ${MANAGED_DISK}`,
  ...methods("Pool_Add", "Pool_Delete", "Pool_Get", "Pool_Patch", "Pool_Resize"),
  "things: 4, ready: false",
];

/** How often a poller looks is its own affair: see the test. */
export const CLEAN: readonly string[] = [
  "Python azure-batch 15.1.0, 2025-06-01, …",
  "unchanged api-version 2025-06-01 ×…",
  ...operations("Job_Add Job_Delete Job_GetTaskCounts Pool_Add Pool_Delete Task_AddCollection Task_List"),
  "unchanged operation Job_Get ×…",
  "unchanged operation Pool_Get ×…",
  ...same("property", "Job_Add", "id poolInfo poolInfo.poolId"),
  ...same("property", "Pool_Add", `id targetDedicatedNodes taskSlotsPerNode vmSize ${IMAGE}`),
  ...same(
    "property",
    "Pool_Add",
    "taskSchedulingPolicy taskSchedulingPolicy.jobDefaultOrder taskSchedulingPolicy.nodeFillType",
  ),
  ...same("property", "Task_AddCollection", "value value[].commandLine value[].id"),
  ...same("selected", "Task_List", "id state"),
  ...same("value", "Pool_Add", "BatchJobDefaultOrder.creationtime ComputeNodeFillType.pack"),
  ...methods("Job_Add", "Job_Delete", "Job_Get", "Job_GetTaskCounts", "Pool_Add", "Pool_Delete", "Pool_Get"),
  ...methods("Task_AddCollection", "Task_List"),
  "things: 0, ready: true",
];

interface Az {
  readonly az: string;
  readonly library: string;
  readonly apiVersion: string;
  readonly management: string;
  readonly instead: string;
  /** It asks for communication of a kind, as the newest az no longer can. */
  readonly hasCommunication: boolean;
}

export const azReport = ({
  az,
  library,
  apiVersion,
  management,
  instead,
  hasCommunication,
}: Az): string[] => [
  `Python azure-batch ${library}, ${apiVersion}, 4`,
  ...(hasCommunication ? [`gone property targetNodeCommunicationMode Pool_Add ×1 ${SIMPLIFIED}`] : []),
  `renamed api-version ${apiVersion} ×4 -> 2025-06-01: ${instead} ${RETIRED}`,
  ...operations("Pool_Add Pool_Get Task_Add Task_Get"),
  ...same("property", "Pool_Add", `id vmSize ${IMAGE}`),
  ...same("property", "Task_Add", "commandLine id"),
  `reply: gone shown certificateReferences Pool_Get ×1 ${KEY_VAULT}`,
  `reply: gone shown currentNodeCommunicationMode Pool_Get ×1 ${SIMPLIFIED}`,
  // Shown as "default" where nobody asked for any.
  `reply: gone shown targetNodeCommunicationMode Pool_Get ×1 ${SIMPLIFIED}`,
  "date: changed dated vmSize Pool_Add ×1 -> a size of the Dsv5 series or newer [2028-05-01: the size ends]",
  `az ${az}: unchanged Microsoft.Batch/BatchAccount_Get ${management} ×1`,
  ...methods("Pool_Add", "Pool_Get", "Task_Add", "Task_Get"),
  `things: ${hasCommunication ? 2 : 1}, ready: false`,
];
