/** The Batch service as the portal uses it, one account a client. Its shapes are `batchyard/client`'s. */
import type { models } from "../../src/client/index.ts";
import { type Ask, ask, askJson, Refusal } from "./service-request.ts";

export type { models };

/** The last version that has all resources. */
const API_VERSION = "2024-07-01.20.0";
const JSON_TYPE = "application/json; odata=minimalmetadata";

export interface Page<Item> {
  readonly value: readonly Item[];
  /** Where the list goes on: a path on this page's own origin. */
  readonly next: string | undefined;
}

export type Query = Readonly<Record<string, string | number | undefined>>;

/** A text as a literal of a `$filter`. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Undefined for what is not there, or may not be read. */
async function ifAny<Value>(asked: Promise<Value>): Promise<Value | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Refusal && (error.status === 404 || error.isForbidden)) return undefined;
    throw error;
  }
}

/** A part of a file's text. */
export interface FilePart {
  readonly text: string;
  /** In bytes: where the part begins and ends, and how long the file is now. */
  readonly start: number;
  readonly end: number;
  readonly size: number;
}

/** How one account is asked. */
function callsTo(account: string) {
  const base = `/batch/${encodeURIComponent(account)}`;
  const url = (path: string, query: Query = {}) => {
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const all = [["api-version", API_VERSION], ...given.map(([name, value]) => [name, String(value)])];
    return `${base}${path}?${all.map(([name, value]) => `${name}=${encodeURIComponent(value ?? "")}`).join("&")}`;
  };
  const get = <Value>(path: string, query?: Query) => askJson<Value>("batch", url(path, query));
  const act = (method: Ask["method"], path: string, body?: object, query?: Query) =>
    askJson<void>("batch", url(path, query), { method: method ?? "POST", body, contentType: JSON_TYPE });
  const page = async <Item>(path: string): Promise<Page<Item>> => {
    const { value, "odata.nextLink": next } = await askJson<{
      readonly value: readonly Item[];
      readonly "odata.nextLink"?: string;
    }>("batch", path);
    const link = next === undefined ? undefined : new URL(next);
    return { value, next: link && link.pathname + link.search };
  };
  const list =
    <Item>(path: string) =>
    (query: Query = {}, next?: string) =>
      page<Item>(next ?? url(path, query));
  return { url, get, act, list };
}

type Calls = ReturnType<typeof callsTo>;

const job = (id: string) => `/jobs/${encodeURIComponent(id)}`;
const task = (jobId: string, id: string) => `${job(jobId)}/tasks/${encodeURIComponent(id)}`;
const pool = (id: string) => `/pools/${encodeURIComponent(id)}`;
const node = (poolId: string, id: string) => `${pool(poolId)}/nodes/${encodeURIComponent(id)}`;
const schedule = (id: string) => `/jobschedules/${encodeURIComponent(id)}`;
const inFolder = (folder: string, name: string) =>
  `${folder}/files/${name.split("/").map(encodeURIComponent).join("/")}`;

const jobCalls = ({ get, act, list }: Calls) => ({
  jobs: list<models.CloudJob>("/jobs"),
  job: (id: string) => get<models.CloudJob>(job(id)),
  jobCounts: (id: string) => get<models.TaskCountsResult>(`${job(id)}/taskcounts`),
  jobAdd: (body: object) => act("POST", "/jobs", body),
  jobEnable: (id: string) => act("POST", `${job(id)}/enable`),
  jobDisable: (id: string, disableTasks: string) => act("POST", `${job(id)}/disable`, { disableTasks }),
  jobTerminate: (id: string) => act("POST", `${job(id)}/terminate`, {}),
  jobDelete: (id: string) => act("DELETE", job(id)),
  preparations: (jobId: string) =>
    list<models.JobPreparationAndReleaseTaskExecutionInformation>(
      `${job(jobId)}/jobpreparationandreleasetaskstatus`,
    ),
});

const taskCalls = ({ url, get, act, list }: Calls) => ({
  tasks: (jobId: string) => list<models.CloudTask>(`${job(jobId)}/tasks`),
  task: (jobId: string, id: string) => get<models.CloudTask>(task(jobId, id)),
  taskIfAny: (jobId: string, id: string) => ifAny(get<models.CloudTask>(task(jobId, id))),
  tasksAdd: (jobId: string, value: readonly object[]) =>
    askJson<{ readonly value: readonly { taskId: string; status: string; error?: models.BatchError }[] }>(
      "batch",
      url(`${job(jobId)}/addtaskcollection`),
      { method: "POST", body: { value }, contentType: JSON_TYPE },
    ),
  taskTerminate: (jobId: string, id: string) => act("POST", `${task(jobId, id)}/terminate`),
  taskReactivate: (jobId: string, id: string) => act("POST", `${task(jobId, id)}/reactivate`),
  taskDelete: (jobId: string, id: string) => act("DELETE", task(jobId, id)),
  taskFiles: (jobId: string, id: string) =>
    list<models.NodeFile>(`${task(jobId, id)}/files`)({ recursive: "true" }),
  taskFile: (jobId: string, id: string, name: string, from: number) =>
    filePart(url(inFolder(task(jobId, id), name)), from),
  taskFileContent: (jobId: string, id: string, name: string) =>
    ask("batch", url(inFolder(task(jobId, id), name))).then((response) => response.blob()),
});

const poolCalls = ({ url, get, act, list }: Calls) => ({
  pools: list<models.CloudPool>("/pools"),
  pool: (id: string) => get<models.CloudPool>(pool(id)),
  poolIfAny: (id: string) => ifAny(get<models.CloudPool>(pool(id))),
  poolAdd: (body: object) => act("POST", "/pools", body),
  poolResize: (id: string, body: object) => act("POST", `${pool(id)}/resize`, body),
  poolStopResize: (id: string) => act("POST", `${pool(id)}/stopresize`),
  poolEvaluate: (id: string, autoScaleFormula: string) =>
    askJson<models.AutoScaleRun>("batch", url(`${pool(id)}/evaluateautoscale`), {
      method: "POST",
      body: { autoScaleFormula },
      contentType: JSON_TYPE,
    }),
  poolEnableAutoScale: (id: string, body: object) => act("POST", `${pool(id)}/enableautoscale`, body),
  poolDisableAutoScale: (id: string) => act("POST", `${pool(id)}/disableautoscale`),
  poolDelete: (id: string) => act("DELETE", pool(id)),
  poolCounts: (id?: string) =>
    list<models.PoolNodeCounts>("/nodecounts")({ $filter: id && `poolId eq ${quoted(id)}` }),
  images: () => list<models.ImageInformation>("/supportedimages")(),
  applications: list<models.ApplicationSummary>("/applications"),
});

const nodeCalls = ({ url, get, act, list }: Calls) => ({
  nodes: (poolId: string) => list<models.ComputeNode>(`${pool(poolId)}/nodes`),
  nodeIfAny: (poolId: string, id: string) => ifAny(get<models.ComputeNode>(node(poolId, id))),
  node: (poolId: string, id: string) => get<models.ComputeNode>(node(poolId, id)),
  nodeReboot: (poolId: string, id: string) => act("POST", `${node(poolId, id)}/reboot`, {}),
  nodeReimage: (poolId: string, id: string) => act("POST", `${node(poolId, id)}/reimage`, {}),
  nodeDisable: (poolId: string, id: string) => act("POST", `${node(poolId, id)}/disablescheduling`, {}),
  nodeEnable: (poolId: string, id: string) => act("POST", `${node(poolId, id)}/enablescheduling`),
  nodeRemove: (poolId: string, ids: readonly string[]) =>
    act("POST", `${pool(poolId)}/removenodes`, { nodeList: ids }),
  nodeUserAdd: (poolId: string, id: string, body: object) => act("POST", `${node(poolId, id)}/users`, body),
  nodeLogin: (poolId: string, id: string) =>
    get<models.ComputeNodeGetRemoteLoginSettingsResult>(`${node(poolId, id)}/remoteloginsettings`),
  nodeFile: (poolId: string, id: string, name: string, from: number) =>
    filePart(url(inFolder(node(poolId, id), name)), from),
  nodeFileContent: (poolId: string, id: string, name: string) =>
    ask("batch", url(inFolder(node(poolId, id), name))).then((response) => response.blob()),
});

const scheduleCalls = ({ get, act, list }: Calls) => ({
  schedules: list<models.CloudJobSchedule>("/jobschedules"),
  schedule: (id: string) => get<models.CloudJobSchedule>(schedule(id)),
  scheduleAdd: (body: object) => act("POST", "/jobschedules", body),
  scheduleEnable: (id: string) => act("POST", `${schedule(id)}/enable`),
  scheduleDisable: (id: string) => act("POST", `${schedule(id)}/disable`),
  scheduleDelete: (id: string) => act("DELETE", schedule(id)),
});

export function batchOf(account: string) {
  const calls = callsTo(account);
  return {
    ...jobCalls(calls),
    ...taskCalls(calls),
    ...poolCalls(calls),
    ...nodeCalls(calls),
    ...scheduleCalls(calls),
  };
}

export type Batch = ReturnType<typeof batchOf>;

/** So much of a file is read at once, in bytes. */
export const FILE_PART_BYTES = 262_144;

/** @param from in bytes; a negative one counts from the file's end */
async function filePart(url: string, from: number): Promise<FilePart> {
  const head = await ask("batch", url, { method: "HEAD" });
  const size = Number(head.headers.get("content-length") ?? 0);
  const start = from < 0 ? Math.max(0, size + from) : Math.min(from, size);
  const end = Math.min(size, start + FILE_PART_BYTES);
  if (end === start) return { text: "", start, end, size };
  const headers = { "ocp-range": `bytes=${start}-${end - 1}` };
  try {
    const response = await ask("batch", url, { headers });
    return { text: await response.text(), start, end, size };
  } catch (error) {
    // It was cut shorter between the two requests.
    if (error instanceof Refusal && error.status === 416) return { text: "", start, end: start, size };
    throw error;
  }
}
