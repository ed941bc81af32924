/** Every operation of the Batch service, in an order in which each can succeed, as a client library is asked for it. */
import type { BatchOperationId } from "../../../src/wire/batch/operations.gen.ts";
import type { BatchClient, Json } from "../batch-client.fixture.ts";
import type { ClientTour } from "../client-tour.fixture.ts";
import { eventually } from "../eventually.fixture.ts";

export interface TourPlace {
  /** Of all names, so that tours at one account do not meet. */
  readonly prefix: string;
  /** Of nobody else. */
  readonly certificate: { readonly thumbprint: string; readonly data: string };
  /** An application with a package. */
  readonly application: string;
  /** The URL of a container that takes a node's logs. */
  readonly logs: string;
}

type Call = (operation: BatchOperationId, path?: readonly string[], body?: object) => Promise<void>;

interface Tour extends TourPlace {
  readonly tour: ClientTour;
  readonly call: Call;
  /** As somebody else, to see when to go on. */
  readonly batch: BatchClient;
  readonly poolId: string;
  /** Of a pool without nodes. */
  readonly spareId: string;
  readonly jobId: string;
  /** Of a job that is terminated. */
  readonly endedId: string;
  readonly scheduleId: string;
}

const schedule = { recurrenceInterval: "PT1H" };
const requeue = "requeue";

export async function batchTour(tour: ClientTour, batch: BatchClient, place: TourPlace): Promise<void> {
  const call: Call = (operation, path, body) => tour.call(operation, path, body);
  const named = (name: string) => `${place.prefix}-${name}`;
  const all: Tour = {
    ...place,
    tour,
    call,
    batch,
    poolId: named("pool"),
    spareId: named("spare"),
    jobId: named("job"),
    endedId: named("old"),
    scheduleId: named("daily"),
  };
  await certificateAdd(all);
  await begin(all);
  const { nodeId } = await taskRun(all);
  const node = [all.poolId, nodeId];
  await pools(all);
  await certificates(all);
  await files(all, node);
  await tasks(all);
  await jobs(all);
  await schedules(all);
  await users(all, node);
  await nodes(all, node);
  await sizes(all, node);
  await call("Job_Delete", [all.jobId]);
  await call("Pool_Delete", [all.spareId]);
  await call("Pool_Delete", [all.poolId]);
}

const pool = (id: string, nodes: number) => ({
  id,
  vmSize: "standard_d2s_v3",
  targetDedicatedNodes: nodes,
  virtualMachineConfiguration: {
    imageReference: { publisher: "debian", offer: "debian-12", sku: "12" },
    nodeAgentSKUId: "batch.node.debian 12",
  },
});
const task = (id: string, script = "true") => ({ id, commandLine: `/bin/sh -c '${script}'` });
const thumb = ({ certificate }: TourPlace) => ["sha1", certificate.thumbprint];
const certificateOf = ({ certificate: { thumbprint } }: TourPlace) => ({
  thumbprint,
  thumbprintAlgorithm: "sha1",
});

async function certificateAdd({ call, certificate, ...tour }: Tour): Promise<void> {
  const { data } = certificate;
  await call("Certificate_Add", [], {
    ...certificateOf({ certificate, ...tour }),
    data,
    certificateFormat: "cer",
  });
}

async function begin(all: Tour): Promise<void> {
  const { call, tour, poolId, spareId, jobId, endedId } = all;
  await call("Pool_Add", [], pool(poolId, 1));
  // Whose certificate cannot be deleted, which is then taken back.
  const certificates = tour.has("Certificate_Add") ? { certificateReferences: [certificateOf(all)] } : {};
  await call("Pool_Add", [], { ...pool(spareId, 0), ...certificates });
  for (const id of [jobId, endedId]) {
    await call("Job_Add", [], {
      id,
      poolInfo: { poolId },
      jobPreparationTask: { commandLine: "/bin/true" },
    });
  }
}

async function taskRun({ call, batch, jobId }: Tour): Promise<{ readonly nodeId: string }> {
  await call("Task_Add", [jobId], task("one", "echo hello; echo x >kept.txt; echo y >gone.txt"));
  const run = await batch.until(`/jobs/${jobId}/tasks/one`, ({ state }) => state === "completed");
  return { nodeId: run.nodeInfo.nodeId };
}

async function pools({ call, tour, poolId, application }: Tour): Promise<void> {
  await call("Pool_Exists", [poolId]);
  await call("Pool_Get", [poolId]);
  await call("Pool_List");
  await call("Pool_Patch", [poolId], { metadata: [{ name: "a", value: "b" }] });
  const certificateReferences = tour.has("Certificate_Add") ? { certificateReferences: [] } : {};
  const replaced = { applicationPackageReferences: [], metadata: [] };
  await call("Pool_UpdateProperties", [poolId], { ...replaced, ...certificateReferences });
  await call("Account_ListSupportedImages");
  await call("Account_ListNodeAgentSkus");
  await call("Account_ListPoolNodeCounts");
  await call("Application_List");
  await call("Application_Get", [application]);
}

async function certificates({ call, tour, batch, ...all }: Tour): Promise<void> {
  if (!tour.has("Certificate_Add")) return;
  const [algorithm, print] = thumb(all);
  await call("Certificate_List");
  await call("Certificate_Get", thumb(all));
  await call("Certificate_Delete", thumb(all));
  const path = `/certificates(thumbprintAlgorithm=${algorithm},thumbprint=${print})`;
  await batch.until(path, ({ state }) => state === "deletefailed");
  await call("Certificate_CancelDeletion", thumb(all));
}

async function files({ call, jobId }: Tour, node: readonly string[]): Promise<void> {
  const own = [jobId, "one"];
  const there = `workitems/${jobId}/job-1/one`;
  await call("File_ListFromTask", own);
  await call("File_GetFromTask", [...own, "stdout.txt"]);
  await call("File_GetPropertiesFromTask", [...own, "stdout.txt"]);
  await call("File_DeleteFromTask", [...own, "wd/gone.txt"]);
  await call("File_ListFromComputeNode", node);
  await call("File_GetFromComputeNode", [...node, `${there}/stdout.txt`]);
  await call("File_GetPropertiesFromComputeNode", [...node, `${there}/stdout.txt`]);
  await call("File_DeleteFromComputeNode", [...node, `${there}/wd/kept.txt`]);
}

async function tasks({ call, jobId }: Tour): Promise<void> {
  await call("Task_Get", [jobId, "one"]);
  await call("Task_List", [jobId]);
  await call("Task_AddCollection", [jobId], { value: [task("two"), task("three", "sleep 60")] });
  await call("Task_Update", [jobId, "three"], { constraints: { retentionTime: "P1D" } });
  await call("Task_ListSubtasks", [jobId, "one"]);
  await call("Task_Terminate", [jobId, "three"]);
  await call("Task_Reactivate", [jobId, "three"]);
  await call("Task_Delete", [jobId, "two"]);
}

async function jobs({ call, poolId, jobId, endedId }: Tour): Promise<void> {
  await call("Job_Get", [jobId]);
  await call("Job_List");
  await call("Job_GetTaskCounts", [jobId]);
  await call("Job_ListPreparationAndReleaseTaskStatus", [jobId]);
  await call("Job_GetAllLifetimeStatistics");
  await call("Pool_GetAllLifetimeStatistics");
  await call("Pool_ListUsageMetrics");
  await call("Job_Patch", [jobId], { priority: 3 });
  await call("Job_Update", [jobId], { poolInfo: { poolId }, priority: 4 });
  await call("Job_Disable", [jobId], { disableTasks: requeue });
  await call("Job_Enable", [jobId]);
  await call("Job_Terminate", [endedId], { terminateReason: "done" });
  await call("Job_Delete", [endedId]);
}

async function schedules({ call, poolId, scheduleId }: Tour): Promise<void> {
  const jobSpecification = { poolInfo: { poolId } };
  await call("JobSchedule_Add", [], { id: scheduleId, schedule, jobSpecification });
  await call("JobSchedule_Exists", [scheduleId]);
  await call("JobSchedule_Get", [scheduleId]);
  await call("JobSchedule_List");
  await call("JobSchedule_Patch", [scheduleId], { metadata: [] });
  await call("JobSchedule_Update", [scheduleId], { schedule, jobSpecification });
  await call("Job_ListFromJobSchedule", [scheduleId]);
  await call("JobSchedule_Disable", [scheduleId]);
  await call("JobSchedule_Enable", [scheduleId]);
  await call("JobSchedule_Terminate", [scheduleId]);
  await call("JobSchedule_Delete", [scheduleId]);
}

/** On a busy machine a node may be out of reach for a moment. */
const inState = ({ batch, poolId }: Tour, [, nodeId]: readonly string[], ...states: readonly string[]) =>
  batch.until(`/pools/${poolId}/nodes/${nodeId}`, ({ state }) => states.includes(state));

async function users(all: Tour, node: readonly string[]): Promise<void> {
  const { call, poolId, logs } = all;
  await inState(all, node, "idle", "running");
  await call("ComputeNode_List", [poolId]);
  await call("ComputeNode_Get", node);
  await call("ComputeNode_AddUser", node, { name: "tourist", password: "Tour-0f-all!", isAdmin: false });
  await call("ComputeNode_UpdateUser", [...node, "tourist"], { password: "An-0ther!" });
  await call("ComputeNode_DeleteUser", [...node, "tourist"]);
  await call("ComputeNode_GetRemoteLoginSettings", node);
  await call("ComputeNode_GetRemoteDesktop", node);
  await call("ComputeNode_UploadBatchServiceLogs", node, {
    containerUrl: logs,
    startTime: "2026-01-01T00:00:00Z",
  });
  await call("ComputeNodeExtension_List", node);
  await call("ComputeNodeExtension_Get", [...node, "absent"]);
}

async function nodes(all: Tour, node: readonly string[]): Promise<void> {
  const { call, tour } = all;
  await call("ComputeNode_DisableScheduling", node, { nodeDisableSchedulingOption: requeue });
  await call("ComputeNode_EnableScheduling", node);
  await call("ComputeNode_Reboot", node, { nodeRebootOption: requeue });
  await inState(all, node, "idle", "running");
  await call("ComputeNode_Reimage", node, { nodeReimageOption: requeue });
  await inState(all, node, "idle", "running");
  if (!tour.has("ComputeNode_Deallocate")) return;
  await call("ComputeNode_Deallocate", node, { nodeDeallocateOption: requeue });
  await inState(all, node, "deallocated");
  await call("ComputeNode_Start", node);
  await inState(all, node, "idle", "running");
}

async function sizes({ call, tour, batch, poolId, spareId }: Tour, [, nodeId = ""]: readonly string[]) {
  const steady = () =>
    eventually(`${poolId} to be steady`, async () => {
      const { json }: { json: Json } = await batch.must("GET", `/pools/${poolId}`);
      return json.allocationState === "steady";
    });
  const autoScaleFormula = "$TargetDedicatedNodes = 0;";
  await call("Pool_UpgradeOS", [poolId], { targetOSVersion: "*" });
  await call("Pool_EnableAutoScale", [spareId], { autoScaleFormula, autoScaleEvaluationInterval: "PT5M" });
  await call("Pool_EvaluateAutoScale", [spareId], { autoScaleFormula });
  await call("Pool_DisableAutoScale", [spareId]);
  // It is stopped next.
  await tour.call("Pool_Resize", [poolId], { targetDedicatedNodes: 2 }, { leaves: true });
  await call("Pool_StopResize", [poolId]);
  await steady();
  await call("Pool_RemoveNodes", [poolId], { nodeList: [nodeId] });
  await steady();
}
