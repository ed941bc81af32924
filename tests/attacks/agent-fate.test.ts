/** Two accounts side by side: what one's tasks do to their agent, and what becomes of the other's tasks meanwhile. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ArmClient } from "../wire/arm-client.fixture.ts";
import { jobBody, poolBody, taskBody } from "../wire/batch-bodies.fixture.ts";
import { BatchClient } from "../wire/batch-client.fixture.ts";
import { applications, contosoSeed, LOCATION, SUBSCRIPTION } from "../wire/contoso.fixture.ts";
import { eventually } from "../wire/eventually.fixture.ts";
import { type RunningService, runningService } from "../wire/running-service.fixture.ts";

const TASKS = 80;
/** Of a node: as many tasks run there at a time. */
const SLOTS = 4;
/** Of what the victim has beside a neighbour who computes in all its slots. */
const LEAST_SHARE = 0.5;

let service: RunningService;
let attacker: BatchClient;
let victim: BatchClient;
let jobs = 0;

beforeAll(async () => {
  service = await runningService({ seed: contosoSeed });
  const arm = await ArmClient.signIn(service, applications.contributor);
  const batch = await (await BatchClient.connect(service)).as(undefined);
  const token = await batch.token(applications.contributor);
  const account = async (name: string) => {
    const path = `/subscriptions/${SUBSCRIPTION}/resourceGroups/lab/providers/Microsoft.Batch/batchAccounts/${name}`;
    const { json } = await arm.settle("PUT", path, { version: "2024-07-01", body: { location: LOCATION } });
    const client = batch.as(token).on(`https://localhost:${json.properties.accountEndpoint.split(":")[1]}`);
    await client.post("/pools", poolBody("pool", { taskSlotsPerNode: SLOTS }));
    await client.post("/jobs", jobBody("job", "pool"));
    return client;
  };
  [attacker, victim] = [await account("attacker"), await account("victim")];
  await rate(); // the first one warms everything up
}, 120_000);
afterAll(() => service?.close());

/** Of the victim's tasks, each of which has run once, and whose output is there. */
async function rate(): Promise<number> {
  const job = `victims${++jobs}`;
  await victim.post("/jobs", jobBody(job, "pool"));
  const began = performance.now();
  const value = Array.from({ length: TASKS }, (_, i) => taskBody(`t${i}`, "echo $BATCHYARD_TASK_ATTEMPT"));
  await victim.post(`/jobs/${job}/addtaskcollection`, { value });
  await eventually("the victim's tasks", async () => {
    const { taskCounts } = await victim.get(`/jobs/${job}/taskcounts`);
    return taskCounts.completed === TASKS;
  });
  const seconds = (performance.now() - began) / 1_000;
  const { taskCounts } = await victim.get(`/jobs/${job}/taskcounts`);
  expect(taskCounts).toMatchObject({ succeeded: TASKS, failed: 0 });
  const last = `/jobs/${job}/tasks/t${TASKS - 1}`;
  expect((await victim.get(last)).executionInfo).toMatchObject({ retryCount: 0, requeueCount: 0 });
  expect((await victim.send("GET", `${last}/files/stdout.txt`)).text).toBe("1\n");
  return TASKS / seconds;
}

/** One measurement is worth little on a machine that others use: a share that is too small is measured again, and all count. */
const [ROUNDS_MIN, ROUNDS_MAX] = [2, 6];

/** Goes on until it is told that the measurement is over. */
type Neighbour = (isOver: () => boolean) => Promise<void>;

/** The victim's rate. */
async function rateBeside(neighbour: Neighbour): Promise<number> {
  let isOver = false;
  const beside = neighbour(() => isOver);
  try {
    return await rate();
  } finally {
    isOver = true;
    await beside;
  }
}

/** Computes in all its slots, as whoever pays for them may. */
const honest: Neighbour = async (isOver) => {
  const tasks = await Promise.all(
    Array.from({ length: SLOTS }, (_, slot) => started(`honest${slot}-`, "while :; do :; done")),
  );
  await eventually("the end of the measurement", isOver);
  for (const task of tasks) await attacker.post(`${task}/terminate`, undefined);
  for (const task of tasks) await ended(task);
};

/** Whether the victim keeps half of its fair rate, which is measured in turns with the one under the attack. */
async function isUnharmed(name: string, attack: Neighbour): Promise<void> {
  let [under, fair, round] = [0, 0, 0];
  while (round < ROUNDS_MIN || (round < ROUNDS_MAX && under < LEAST_SHARE * fair)) {
    under += await rateBeside(attack);
    fair += await rateBeside(honest);
    round++;
  }
  const tasksPerSecond = (sum: number) => (sum / round).toFixed(1);
  console.log(
    `${name}: ${tasksPerSecond(under)} tasks/s, a fair rate being ${tasksPerSecond(fair)}: ${(under / fair).toFixed(2)} in ${round} rounds`,
  );
  expect(under).toBeGreaterThanOrEqual(LEAST_SHARE * fair);
}

/** Ten at a time, again and again. */
async function listed(task: string, isOver: () => boolean): Promise<void> {
  const client = async () => {
    do {
      const { status } = await attacker.send("GET", `${task}/files?recursive=true`);
      expect(status).toBe(200);
    } while (!isOver());
  };
  await Promise.all(Array.from({ length: 10 }, client));
}

async function started(name: string, script: string): Promise<string> {
  const id = `${name}${jobs}`;
  await attacker.post("/jobs/job/tasks", taskBody(id, script));
  await eventually(
    `the start of ${id}`,
    async () => (await attacker.get(`/jobs/job/tasks/${id}`)).state !== "active",
  );
  return `/jobs/job/tasks/${id}`;
}

async function ended(task: string, exitCode?: number): Promise<void> {
  await eventually("its end", async () => (await attacker.get(task)).state === "completed");
  if (exitCode !== undefined) expect((await attacker.get(task)).executionInfo.exitCode).toBe(exitCode);
}

test("a folder as deep as can be, listed again and again, starves another account's tasks", async () => {
  const task = await started("deep", 'perl -e "for (1..3000) { mkdir \\"d\\"; chdir \\"d\\" or die }"');
  await ended(task, 0);
  await isUnharmed("deep folder", (isOver) => listed(task, isOver));
});

test("tens of thousands of files, listed again and again, starve another account's tasks", async () => {
  const task = await started("wide", "seq 30000 | xargs touch");
  await ended(task, 0);
  await isUnharmed("wide folder", (isOver) => listed(task, isOver));
});

test("connections to the service without end take the descriptors of another account's agent", async () => {
  const port = new URL(service.ready.batch).port;
  const connect = `use IO::Socket::INET; my @s; for (1..4000) { push @s, IO::Socket::INET->new(\\"127.0.0.1:${port}\\"); } sleep 60`;
  await isUnharmed("connections", async (isOver) => {
    // The victim is measured while they dial: together for more than an agent may have open.
    const dialling = Array.from({ length: SLOTS }, (_, slot) =>
      started(`dials${slot}-`, `ulimit -n 4096; perl -e "${connect}"`),
    );
    const tasks = await Promise.all(dialling);
    await eventually("the end of the measurement", isOver);
    for (const task of tasks) await attacker.post(`${task}/terminate`, undefined);
    for (const task of tasks) await ended(task);
  });
});

test("an agent's death takes another account's tasks with it", async () => {
  const long = `long${jobs}`;
  const waits = `/jobs/${long}/tasks/waits`;
  await victim.post("/jobs", jobBody(long, "pool"));
  await victim.post(`/jobs/${long}/tasks`, taskBody("waits", "sleep 8; echo $BATCHYARD_TASK_ATTEMPT"));
  await eventually("its start", async () => (await victim.get(waits)).state === "running");
  await isUnharmed("death", async () => {
    const task = await started("dies", "[ $BATCHYARD_TASK_ATTEMPT != 1 ] || sleep 300");
    // Accounts are made one after the other, and so their agents' folders.
    const [folder = ""] = readdirSync(join(service.folder, "agent"))
      .filter((name) => /^\d+$/.test(name))
      .sort();
    const { pid } = JSON.parse(readFileSync(join(service.folder, "agent", folder, "agent.json"), "utf8"));
    process.kill(pid, "SIGKILL");
    await ended(task);
  });
  await eventually("its end", async () => (await victim.get(waits)).state === "completed");
  expect((await victim.send("GET", `${waits}/files/stdout.txt`)).text).toBe("1\n");
});
