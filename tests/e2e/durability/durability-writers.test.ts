/** Many writers of the same things: of each thing exactly one wins, and the others are told so. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { BatchClient, type Reply } from "../batch-client.ts";
import { KillableService } from "../killable-service.ts";

const CLIENTS = 20;

let service: KillableService;
let clients: readonly BatchClient[];
let first: BatchClient;
beforeAll(async () => {
  service = await KillableService.start();
  clients = Array.from({ length: CLIENTS }, () => new BatchClient(service.ready));
  first = clients[0] as BatchClient;
  await first.addJob("job", "no-such-pool");
});
afterAll(async () => {
  for (const client of clients ?? []) client.close();
  await service?.dispose();
});

type Refused = { code: string };
const outcomes = (replies: readonly Reply<Refused>[]) =>
  replies.map(({ status, json }) => (status < 300 ? String(status) : `${status} ${json.code}`)).sort();

test("of 20 clients who add the same task one gets 201, the others 409 TaskExists", async () => {
  const ids = Array.from({ length: 25 }, (_, i) => `same-${i}`);
  const replies = await Promise.all(
    clients.map(async (client) => {
      const own = new Map<string, Reply<Refused>>();
      const task = (id: string) => ({ id, commandLine: "/bin/true" });
      for (const id of ids) own.set(id, await client.send<Refused>("POST", "/jobs/job/tasks", task(id)));
      return own;
    }),
  );
  for (const id of ids) {
    const ofId = replies.map((own) => own.get(id)).filter((reply) => reply !== undefined);
    expect(outcomes(ofId)).toEqual(["201", ...Array(CLIENTS - 1).fill("409 TaskExists")]);
  }
  expect(await first.counts("job")).toMatchObject({ active: ids.length });
});

test("of 20 clients who add the same collections each task is added once", async () => {
  const before = (await first.counts("job")).active;
  const value = Array.from({ length: 100 }, (_, i) => ({ id: `many-${i}`, commandLine: "/bin/true" }));
  const added = await Promise.all(
    clients.map(async (client) => {
      const path = "/jobs/job/addtaskcollection";
      const { json } = await client.ok<{ value: { taskId: string; status: string; error?: Refused }[] }>(
        "POST",
        path,
        { value },
      );
      for (const { error } of json.value) expect(error?.code ?? "TaskExists").toBe("TaskExists");
      return json.value.filter(({ status }) => status === "success").map(({ taskId }) => taskId);
    }),
  );
  expect(added.flat().sort()).toEqual(value.map(({ id }) => id).sort());
  expect((await first.counts("job")).active).toBe(before + value.length);
});

test("of 20 clients who add the same job or pool one gets 201", async () => {
  const job = { id: "wanted-by-all", poolInfo: { poolId: "no-such-pool" } };
  const jobs = await Promise.all(clients.map((client) => client.send<Refused>("POST", "/jobs", job)));
  expect(outcomes(jobs)).toEqual(["201", ...Array(CLIENTS - 1).fill("409 JobExists")]);
  const pools = await Promise.allSettled(clients.map((client) => client.addPool("wanted-by-all", 0, 1)));
  expect(pools.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("of 20 clients who change one version of a job one wins, round after round", async () => {
  for (let round = 0; round < 10; round++) {
    const { etag = "" } = await first.ok("GET", "/jobs/job");
    const replies = await Promise.all(
      clients.map((client, i) =>
        client.send<Refused>("PATCH", "/jobs/job", { priority: round * CLIENTS + i }, { "if-match": etag }),
      ),
    );
    expect(outcomes(replies)).toEqual(["200", ...Array(CLIENTS - 1).fill("412 ConditionNotMet")]);
    const winner = replies.findIndex(({ status }) => status === 200);
    const after = await first.ok<{ priority: number }>("GET", "/jobs/job");
    expect(after.json.priority).toBe(round * CLIENTS + winner);
    expect(after.etag).toBe(replies[winner]?.etag);
  }
});

test("of 20 clients who delete one version of a task one gets 200", async () => {
  const { etag = "" } = await first.ok("GET", "/jobs/job/tasks/same-0");
  const replies = await Promise.all(
    clients.map((client) =>
      client.send<Refused>("DELETE", "/jobs/job/tasks/same-0", undefined, { "if-match": etag }),
    ),
  );
  expect(outcomes(replies)).toEqual(["200", ...Array(CLIENTS - 1).fill("404 TaskNotFound")]);
});
