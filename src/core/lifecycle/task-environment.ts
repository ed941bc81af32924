/**
 * Where a task's folders lie on its node and what its environment says about them. Pure: paths are joined, never
 * looked at. Names and values are those of the page "Azure Batch runtime environment variables".
 */

import type { NodeSpec, RunSpec } from "../../wire/agent/messages.ts";

/** What of the agent's own environment a task may see. */
export const INHERITED_VARIABLES = ["PATH", "LANG", "TZ"] as const;

/** The documented folders of a node's root, see the page "Files and directories in Azure Batch". */
export const NODE_FOLDERS = [
  "applications",
  "fsmounts",
  "shared",
  "startup",
  "volatile",
  "workitems",
] as const;

/** Debian's and Ubuntu's `PATH`. Whoever started the agent may have none of an administrator's programs in theirs. */
const SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".split(":");

/**
 * The folder of a task (`stdout.txt`, `stderr.txt` and `wd` lie in it), relative to the node's root. A schedule's jobs are
 * named `<schedule>:<job>` and lie side by side; any other job is the first of its own.
 */
export function taskFolder(place: RunSpec["place"]): string {
  return place.kind === "startTask" ? "startup" : `${jobFolder(place.jobId)}/${place.taskId}`;
}

/** The folder of a job's tasks, relative to the node's root. */
function jobFolder(jobId: string): string {
  const [workItem, job = "job-1"] = jobId.split(":", 2);
  return `workitems/${workItem}/${job}`;
}

/** What goes with a job that is deleted: a schedule's folder stays for its other jobs. */
export function jobFolderToDelete(jobId: string): string {
  return jobId.includes(":") ? jobFolder(jobId) : `workitems/${jobId}`;
}

export interface TaskEnvironmentInput {
  readonly node: NodeSpec;
  readonly run: RunSpec;
  /** Absolute path of the node's folder. */
  readonly nodeRoot: string;
  /** Absolute path of the certificates that the run may see. */
  readonly certificatesFolder: string;
  /** Name of the account that the task's processes run under. */
  readonly userName: string;
  /** The agent's environment; only `INHERITED_VARIABLES` are taken from it. */
  readonly inherited: Readonly<Record<string, string | undefined>>;
  /** Absolute paths of the application packages, by the variables that lead to them. */
  readonly packages?: readonly (readonly [name: string, path: string])[];
  /** How clients find the node's metadata endpoint where it has no address of its own. */
  readonly identityEnvironment?: readonly (readonly [name: string, value: string])[];
  /** Where the service is, for tasks that do not have it on their own loopback. */
  readonly serviceHost?: string | undefined;
  /** PEM files with which programs trust the service: its CA alone, and beside the machine's own roots. */
  readonly trust?: { readonly caFile: string; readonly bundleFile: string } | undefined;
}

/** Programs that replace the roots they know, or (Node.js) add to them. */
const BUNDLE_VARIABLES = ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"];
const CA_VARIABLE = "NODE_EXTRA_CA_CERTS";

/** What makes programs trust the service. */
export function trustEnvironment(
  trust: TaskEnvironmentInput["trust"],
): (readonly [name: string, value: string])[] {
  if (!trust) return [];
  return [...BUNDLE_VARIABLES.map((name) => [name, trust.bundleFile] as const), [CA_VARIABLE, trust.caFile]];
}

/**
 * The whole environment of one attempt. The user's settings come last and win. Their values are taken literally, since
 * no shell is involved.
 */
export function taskEnvironment(input: TaskEnvironmentInput): Map<string, string> {
  const { node, run, nodeRoot, userName, inherited, trust } = input;
  const folder = `${nodeRoot}/${taskFolder(run.place)}`;
  const workingFolder = `${folder}/wd`;
  const shared = `${nodeRoot}/shared`;

  const environment = new Map<string, string>();
  for (const name of INHERITED_VARIABLES) {
    const value = inherited[name];
    if (value !== undefined) environment.set(name, value);
  }
  environment.set("PATH", [searchPath(environment.get("PATH")), shared, workingFolder].join(":"));
  environment.set("HOME", workingFolder);
  environment.set("PWD", workingFolder);
  environment.set("USER", userName);

  for (const [name, value] of trustEnvironment(trust)) environment.set(name, value);

  environment.set("AZ_BATCH_ACCOUNT_NAME", node.accountName);
  environment.set("AZ_BATCH_ACCOUNT_URL", accountUrl(input));
  if (run.authenticationToken !== undefined) {
    environment.set("AZ_BATCH_AUTHENTICATION_TOKEN", run.authenticationToken);
  }
  environment.set("AZ_BATCH_POOL_ID", node.poolId);
  environment.set("AZ_BATCH_NODE_ID", node.nodeId);
  environment.set("AZ_BATCH_NODE_IS_DEDICATED", String(node.isDedicated));
  environment.set("AZ_BATCH_NODE_ROOT_DIR", nodeRoot);
  environment.set("AZ_BATCH_NODE_SHARED_DIR", shared);
  environment.set("AZ_BATCH_NODE_MOUNTS_DIR", `${nodeRoot}/fsmounts`);
  environment.set("AZ_BATCH_NODE_STARTUP_DIR", `${nodeRoot}/startup`);
  environment.set("AZ_BATCH_NODE_STARTUP_WORKING_DIR", `${nodeRoot}/startup/wd`);
  if (run.place.kind === "task") {
    environment.set("AZ_BATCH_JOB_ID", run.place.jobId);
    environment.set("AZ_BATCH_TASK_ID", run.place.taskId);
  }
  if (run.place.kind === "task" && run.preparationId !== undefined) {
    const preparation = `${nodeRoot}/${taskFolder({ ...run.place, taskId: run.preparationId })}`;
    environment.set("AZ_BATCH_JOB_PREP_DIR", preparation);
    environment.set("AZ_BATCH_JOB_PREP_WORKING_DIR", `${preparation}/wd`);
  }
  environment.set("AZ_BATCH_TASK_DIR", folder);
  environment.set("AZ_BATCH_TASK_WORKING_DIR", workingFolder);
  environment.set("AZ_BATCH_CERTIFICATES_DIR", input.certificatesFolder);
  environment.set("AZ_BATCH_TASK_USER", userName);
  environment.set("AZ_BATCH_TASK_USER_IDENTITY", userIdentity(run));
  environment.set("BATCHYARD_TASK_ATTEMPT", String(run.attempt));
  for (const [name, path] of input.packages ?? []) environment.set(name, path);
  for (const [name, value] of input.identityEnvironment ?? []) environment.set(name, value);

  for (const [name, value] of run.environment) environment.set(name, value);
  return environment;
}

function accountUrl({ run, serviceHost }: TaskEnvironmentInput): string {
  if (serviceHost === undefined) return run.accountUrl;
  const url = new URL(run.accountUrl);
  url.hostname = serviceHost.includes(":") ? `[${serviceHost}]` : serviceHost;
  return url.origin;
}

/** The page has the two of the pool's own; a named user's is our guess. */
function userIdentity({ username, elevated }: RunSpec): string {
  return username ?? (elevated ? "PoolAdmin" : "PoolNonAdmin");
}

/** Without what `npm run` puts in front for the service itself: a task must not find this program's own tools. */
function searchPath(inherited: string | undefined): string {
  const entries = (inherited ?? "")
    .split(":")
    .filter((entry) => entry !== "" && !entry.includes("/node_modules/"));
  return [...new Set([...entries, ...SYSTEM_PATH])].join(":");
}
