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

const TASKS = 40;
/** The attacker has a fair half of the machine; half of the other half is the least that is left. */
const LEAST_SHARE = 0.25;

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
    await client.post("/pools", poolBody("pool", { taskSlotsPerNode: 4 }));
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

const ROUNDS = 2;

/**
 * Whether the victim keeps its share: its rate under the attack and with nobody beside it, measured in turns, for what else runs on the machine
 * comes and goes.
 * @param attack runs until it is told that the measurement is over
 */
async function isUnharmed(name: string, attack: (isOver: () => boolean) => Promise<void>): Promise<void> {
  let [under, alone] = [0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    let isOver = false;
    const attacking = attack(() => isOver);
    under += await rate();
    isOver = true;
    await attacking;
    alone += await rate();
  }
  console.log(`${name}: ${(under / ROUNDS).toFixed(1)} tasks/s of ${(alone / ROUNDS).toFixed(1)} alone`);
  expect(under).toBeGreaterThan(LEAST_SHARE * alone);
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
  const connect = `use IO::Socket::INET; my @s; for (1..3000) { push @s, IO::Socket::INET->new(\\"127.0.0.1:${port}\\"); } sleep 60`;
  await isUnharmed("connections", async (isOver) => {
    // The victim is measured while it dials.
    const task = await started("dials", `ulimit -n 4096; perl -e "${connect}"`);
    await eventually("the end of the measurement", isOver);
    await attacker.post(`${task}/terminate`, undefined);
    await ended(task);
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
