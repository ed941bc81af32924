/**
 * A task's authentication token: from inside the task it reaches the task's job and nothing else, it outlives the service's `kill -9`,
 * and it dies with its attempt.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BatchClient } from "./batch-client.ts";
import { batchyard } from "./batchyard-process.ts";
import { KillableService, until } from "./killable-service.ts";

const VERSION = "api-version=2024-07-01.20.0";
const SETTINGS = { authenticationTokenSettings: { access: ["job"] } };

let service: KillableService;
let client: BatchClient;

beforeAll(async () => {
  service = await KillableService.start();
  client = new BatchClient(service.ready);
  await client.addPool("p", 1, 4);
  await client.addJob("own", "p");
  await client.addJob("other", "p");
});
afterAll(async () => {
  client?.close();
  await service?.dispose();
});

/** One request with curl, told by its status. */
const CURL = `ask() { curl -sS -o /dev/null -w "%{http_code} " -H "Authorization: Bearer $AZ_BATCH_AUTHENTICATION_TOKEN" -H "Content-Type: application/json; odata=minimalmetadata" -X "$1" \${3:+-d "$3"} "$AZ_BATCH_ACCOUNT_URL/$2?${VERSION}"; }`;
/** A task to add, quoted for the shell. */
const CHILD = String.raw`"{\"id\":\"child\",\"commandLine\":\"true\"}"`;
const GO = "$AZ_BATCH_NODE_SHARED_DIR";
const wait = (name: string) => `while [ ! -e ${GO}/${name} ]; do sleep 0.1; done`;
const script = (lines: readonly string[]) => `/bin/sh -c '${lines.join("; ")}'`;
/** Writes its token where the test finds it, and stays until it is let go. */
const holder = (id: string, more: object = {}) => ({
  id,
  commandLine: script([
    "chmod 777 $AZ_BATCH_NODE_SHARED_DIR",
    "printf %s $AZ_BATCH_AUTHENTICATION_TOKEN > token",
    wait(id),
  ]),
  ...SETTINGS,
  ...more,
});

async function asTask(
  token: string,
  method: string,
  path: string,
  body?: object,
  base = service.ready.batch,
) {
  const authorization = `Bearer ${token}`;
  const reply = await client.send(method, `${base}${path}?${VERSION}`, body, { authorization });
  return { status: reply.status, json: reply.json, requestId: String(reply.headers["request-id"]) };
}

const status = async (...ask: Parameters<typeof asTask>) => (await asTask(...ask)).status;
const mine = (token: string) => status(token, "GET", "/jobs/own");

/** A file of the pool's only node. */
const nodeFile = (path: string) => {
  const nodes = join(service.folder, "nodes");
  const [nodeKey = ""] = readdirSync(nodes).filter((name) => /^\d+$/.test(name));
  return join(nodes, nodeKey, path);
};
const letGo = (name: string) => writeFileSync(nodeFile(`shared/${name}`), "");

/** The token of a holder that runs; the file is written in two steps, so it is awaited whole. */
const tokenOf = (id: string, other?: string) =>
  until(`the token of ${id}`, () => {
    try {
      const token = readFileSync(nodeFile(`workitems/own/job-1/${id}/wd/token`), "utf8");
      return token.length > 50 && token !== other && token;
    } catch {
      return undefined;
    }
  });

async function completed(id: string) {
  return until(`the end of ${id}`, async () => {
    const task = await client.task("own", id);
    return task.state === "completed" && task;
  });
}

test("a task adds and lists tasks of its job with curl, and is refused everywhere else", async () => {
  const lines = [
    CURL,
    `ask GET jobs/own`,
    `ask GET jobs/own/tasks`,
    `ask POST jobs/own/tasks ${CHILD}`,
    `ask GET jobs/other`,
    `ask GET jobs/absent`,
    `ask GET jobs`,
    `ask GET pools/p`,
    `ask GET pools`,
  ];
  await client.addTasks("own", [{ id: "curls", commandLine: script(lines), ...SETTINGS }]);
  await completed("curls");
  const told = readFileSync(nodeFile("workitems/own/job-1/curls/stdout.txt"), "utf8");
  const complaints = readFileSync(nodeFile("workitems/own/job-1/curls/stderr.txt"), "utf8");
  expect(told.trim(), complaints).toBe("200 200 201 403 403 403 403 403");
  await completed("child");
});

test("only a task that asks for it has a token, and no reply or log shows it", async () => {
  await client.addTasks("own", [
    { id: "plain", commandLine: script(["env | grep -c AUTHENTICATION_TOKEN"]) },
    holder("shown"),
  ]);
  const token = await tokenOf("shown");
  await completed("plain");
  expect(readFileSync(nodeFile("workitems/own/job-1/plain/stdout.txt"), "utf8")).toBe("0\n");
  for (const path of ["/jobs/own/tasks/shown", "/jobs/own/tasks", "/jobs/own", "/pools/p/nodes"]) {
    const { json } = await client.ok("GET", path);
    expect(JSON.stringify(json)).not.toContain(token);
  }
  const { json } = await client.ok<Record<string, unknown>>("GET", "/jobs/own/tasks/shown");
  expect(json.authenticationTokenSettings).toEqual({ access: ["job"] });
  expect(service.log).not.toContain(token);
  letGo("shown");
  await completed("shown");
});

test("the token reaches all of its own job, whatever the case of the id, and nothing that belongs to more", async () => {
  await client.addTasks("own", [holder("far")]);
  const token = await tokenOf("far");
  const allowed: [string, string, object?][] = [
    ["GET", "/jobs/OWN"],
    ["GET", "/jobs/own/taskcounts"],
    ["GET", "/jobs/own/tasks/far/files"],
    ["PATCH", "/jobs/own", { priority: 5 }],
  ];
  for (const [method, path, body] of allowed) expect(await status(token, method, path, body), path).toBe(200);
  const autoPool = {
    poolInfo: { autoPoolSpecification: { poolLifetimeOption: "job", pool: { vmSize: "standard_d2_v3" } } },
  };
  const refused: [string, string, object?][] = [
    ["PATCH", "/jobs/own", autoPool],
    ["POST", "/jobs", { id: "more", poolInfo: { poolId: "p" } }],
    ["GET", "/jobs/other/tasks"],
    ["POST", "/jobs/other/tasks", { id: "t", commandLine: "true" }],
    ["DELETE", "/jobs/other"],
    ["GET", "/jobschedules"],
    ["GET", "/jobschedules/own/jobs"],
    ["GET", "/pools/p/nodes"],
    ["POST", "/pools/p/resize", { targetDedicatedNodes: 0 }],
    ["GET", "/applications"],
    ["GET", "/supportedimages"],
    ["GET", "/nodecounts"],
  ];
  for (const [method, path, body] of refused) {
    expect(await status(token, method, path, body), `${method} ${path}`).toBe(403);
  }
  const { requestId } = await asTask(token, "GET", "/jobs/other");
  const told = await batchyard(["access", "explain", requestId, "--data", service.folder]);
  expect(told.stdout).toMatch(/far of job own/);
  expect(told.stdout).toMatch(/own job alone/);
  const line = await batchyard(["account", "create", "second", "--data", service.folder, "--json"]);
  expect(line.code, line.stderr).toBe(0);
  const second = `https://${JSON.parse(line.stdout).properties.accountEndpoint}`;
  expect(await status(token, "GET", "/jobs/own", undefined, second)).toBe(401);
  letGo("far");
  await completed("far");
  expect(await mine(token)).toBe(401);
});

test("a token that is made up, changed or of another attempt is refused", async () => {
  await client.addTasks("own", [holder("true", { constraints: { maxTaskRetryCount: 0 } })]);
  const token = await tokenOf("true");
  const [, key, attempt, mac = ""] = token.split(".");
  const flipped = `${mac[0] === "A" ? "B" : "A"}${mac.slice(1)}`;
  const others = [
    `task.${key}.${Number(attempt) + 1}.${mac}`,
    `task.${Number(key) - 1}.${attempt}.${mac}`,
    `task.${key}.${attempt}.${flipped}`,
    `task.${key}.${attempt}.`,
    `task.${key}.${attempt}.${mac}A`,
    `task.0${key}.${attempt}.${mac}`,
    `task.${key}.${attempt}`,
    "task.",
    `task.__proto__.1.${mac}`,
  ];
  expect(await mine(token)).toBe(200);
  for (const other of others) expect(await mine(other), other).toBe(401);
  letGo("true");
  await completed("true");
});

test("it holds over a kill -9 of the service, and ends with terminate, delete and the loss of its node", {
  timeout: 90_000,
}, async () => {
  await client.addTasks(
    "own",
    ["stays", "terminated", "deleted", "lost"].map((id) => holder(id)),
  );
  const [stays, terminated, deleted, lost] = await Promise.all(
    ["stays", "terminated", "deleted", "lost"].map((id) => tokenOf(id)),
  );
  await service.kill();
  await service.start();
  expect(await mine(stays as string)).toBe(200);
  letGo("stays");
  await completed("stays");
  expect(await mine(stays as string)).toBe(401);

  await client.ok("POST", "/jobs/own/tasks/terminated/terminate");
  expect(await mine(terminated as string)).toBe(401);
  expect(await status(deleted as string, "DELETE", "/jobs/own/tasks/deleted")).toBe(200);
  expect(await mine(deleted as string)).toBe(401);

  expect(await mine(lost as string)).toBe(200);
  await service.killAgent();
  const next = await tokenOf("lost", lost);
  expect(await mine(lost as string)).toBe(401);
  expect(await mine(next)).toBe(200);
  letGo("lost");
  await completed("lost");
  expect(await mine(next)).toBe(401);
  await service.kill();
  await service.start();
  expect(await mine(next)).toBe(401);
});

test("a job manager, of a job and of a schedule's job, adds tasks to its job", async () => {
  const manager = (id: string) => ({
    id,
    runExclusive: false,
    killJobOnCompletion: false,
    commandLine: script([CURL, `ask POST jobs/$AZ_BATCH_JOB_ID/tasks ${CHILD}`]),
    ...SETTINGS,
  });
  await client.ok("POST", "/jobs", {
    id: "managed",
    poolInfo: { poolId: "p" },
    jobManagerTask: manager("m"),
  });
  await client.ok("POST", "/jobschedules", {
    id: "nightly",
    schedule: {},
    jobSpecification: { poolInfo: { poolId: "p" }, jobManagerTask: manager("m") },
  });
  for (const jobId of ["managed", "nightly:job-1"]) {
    await until(`the child of ${jobId}`, async () => {
      const { status, json } = await client.send<{ state: string }>("GET", `/jobs/${jobId}/tasks/child`);
      return status === 200 && json.state === "completed";
    });
  }
});
