import { expect, test } from "vitest";
import type { NodeSpec, RunSpec } from "../../wire/agent/messages.ts";
import { jobFolderToDelete, taskEnvironment, taskFolder } from "./task-environment.ts";

const node: NodeSpec = {
  nodeKey: "n-1",
  nodeId: "tvm-1",
  poolId: "pool",
  accountName: "acct",
  isDedicated: false,
  isolation: "auto",
};
const run: RunSpec = {
  run: "r-1",
  nodeKey: "n-1",
  place: { kind: "task", jobId: "job", taskId: "task" },
  attempt: 2,
  commandLine: "true",
  environment: [],
  accountUrl: "https://acct.local.batch.azure.com/",
  elevated: false,
};
const inherited = { PATH: "/bin", LANG: "C.UTF-8", SECRET: "s", HOME: "/root" };

function environmentOf(change: Partial<RunSpec> = {}, host: Record<string, string> = inherited) {
  const input = {
    node,
    run: { ...run, ...change },
    nodeRoot: "/n",
    certificatesFolder: "/n.certificates/task",
    userName: "ada",
    inherited: host,
  };
  return Object.fromEntries(taskEnvironment(input));
}

test.each([
  ["node7", "https://node7:8446"],
  ["2001:db8::1", "https://[2001:db8::1]:8446"],
])("where the service is at %s, so is the account", (serviceHost, url) => {
  const own = { ...run, accountUrl: "https://localhost:8446" };
  const input = { node, run: own, nodeRoot: "/n", certificatesFolder: "", userName: "ada", inherited };
  expect(taskEnvironment({ ...input, serviceHost }).get("AZ_BATCH_ACCOUNT_URL")).toBe(url);
});

test("a task sees its own names and folders", () => {
  expect(environmentOf()).toEqual({
    PATH: "/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/n/shared:/n/workitems/job/job-1/task/wd",
    LANG: "C.UTF-8",
    HOME: "/n/workitems/job/job-1/task/wd",
    PWD: "/n/workitems/job/job-1/task/wd",
    USER: "ada",
    AZ_BATCH_ACCOUNT_NAME: "acct",
    AZ_BATCH_ACCOUNT_URL: "https://acct.local.batch.azure.com/",
    AZ_BATCH_POOL_ID: "pool",
    AZ_BATCH_NODE_ID: "tvm-1",
    AZ_BATCH_NODE_IS_DEDICATED: "false",
    AZ_BATCH_NODE_ROOT_DIR: "/n",
    AZ_BATCH_NODE_SHARED_DIR: "/n/shared",
    AZ_BATCH_NODE_MOUNTS_DIR: "/n/fsmounts",
    AZ_BATCH_NODE_STARTUP_DIR: "/n/startup",
    AZ_BATCH_NODE_STARTUP_WORKING_DIR: "/n/startup/wd",
    AZ_BATCH_JOB_ID: "job",
    AZ_BATCH_TASK_ID: "task",
    AZ_BATCH_TASK_DIR: "/n/workitems/job/job-1/task",
    AZ_BATCH_TASK_WORKING_DIR: "/n/workitems/job/job-1/task/wd",
    AZ_BATCH_CERTIFICATES_DIR: "/n.certificates/task",
    AZ_BATCH_TASK_USER: "ada",
    AZ_BATCH_TASK_USER_IDENTITY: "PoolNonAdmin",
    BATCHYARD_TASK_ATTEMPT: "2",
  });
});

test("a start task has no job and no task id, and works in startup", () => {
  const environment = environmentOf({ place: { kind: "startTask" } });
  expect(environment).not.toHaveProperty("AZ_BATCH_JOB_ID");
  expect(environment).not.toHaveProperty("AZ_BATCH_TASK_ID");
  expect(environment).toMatchObject({ AZ_BATCH_TASK_WORKING_DIR: "/n/startup/wd" });
  expect(taskFolder({ kind: "startTask" })).toBe("startup");
});

test("the user's settings win, the last of a name above all, and are not expanded", () => {
  const environment = environmentOf({
    environment: [
      ["HOME", "/first"],
      ["HOME", "$AZ_BATCH_TASK_DIR"],
      ["BATCHYARD_TASK_ATTEMPT", "mine"],
    ],
  });
  expect(environment).toMatchObject({ HOME: "$AZ_BATCH_TASK_DIR", BATCHYARD_TASK_ATTEMPT: "mine" });
});

test("nothing else of the agent's environment gets through", () => {
  expect(environmentOf()).not.toHaveProperty("SECRET");
});

test("an agent without a PATH gives its tasks the usual one", () => {
  expect(environmentOf({}, {}).PATH).toMatch(/^\/usr\/local\/sbin:.*:\/bin:\/n\/shared:/);
});

test("the jobs of a schedule lie side by side", () => {
  expect(taskFolder({ kind: "task", jobId: "nightly:job-7", taskId: "t" })).toBe("workitems/nightly/job-7/t");
});

test("a deleted job leaves no folder behind, and takes none of another job's", () => {
  expect(jobFolderToDelete("job")).toBe("workitems/job");
  expect(jobFolderToDelete("nightly:job-7")).toBe("workitems/nightly/job-7");
});

test.each([
  [{}, "PoolNonAdmin"],
  [{ elevated: true }, "PoolAdmin"],
  [{ username: "ann" }, "ann"],
])("a run with %j is told as whom: %s", (change, identity) => {
  expect(environmentOf(change).AZ_BATCH_TASK_USER_IDENTITY).toBe(identity);
});
