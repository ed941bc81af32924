/**
 * A pipeline over everything that moves files: each of 200 tasks has two resource files by identity, an application package and an output
 * file by identity, all in Azurite. Half-way the service dies, alone or with its agent. What comes out is complete, and exact to the byte.
 */
import { randomBytes } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { PROGRAM, zip } from "../../src/agent/packages/zip.fixture.ts";
import { uploadPackage } from "../wire/arm/application-packages.fixture.ts";
import { asIdentity } from "../wire/blob/identity-storage.fixture.ts";
import { STORAGE_ACCOUNT } from "../wire/blob/storage.fixture.ts";
import type { TaskCounts } from "./batch-client.ts";
import { until } from "./killable-service.ts";
import { FileService } from "./storage/file-service.ts";

const TASKS = 200;
const HALF = TASKS / 2;
const NODES = 2;
const SLOTS = 8;
const INPUT_BYTES = 20_000;
const BLOBS = `https://${STORAGE_ACCOUNT}.blob.core.windows.net`;

/** Puts its two files one after the other, under its own name. */
const COMBINE = '#!/bin/sh\nprintf "%s\\n" "$AZ_BATCH_TASK_ID" && cat "$1" "$2"\n';

let service: FileService | undefined;
afterEach(() => service?.dispose(), 60_000);

const pipelineTask = (id: string) => ({
  id,
  commandLine: `/bin/sh -c '"$AZ_BATCH_APP_PACKAGE_combine_1_0"/combine one two/${id}/part > both'`,
  resourceFiles: [
    { httpUrl: `${BLOBS}/inputs/one/${id}`, filePath: "one", ...asIdentity("reader") },
    { storageContainerUrl: `${BLOBS}/inputs`, blobPrefix: `two/${id}/`, ...asIdentity("reader") },
  ],
  applicationPackageReferences: [{ applicationId: "combine", version: "1.0" }],
  outputFiles: [
    {
      filePattern: "both",
      destination: {
        container: { containerUrl: `${BLOBS}/outputs`, path: `both/${id}`, ...asIdentity("writer") },
      },
      uploadOptions: { uploadCondition: "tasksuccess" },
    },
  ],
});

/** In a few streams at once. */
async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const item of rest) await work(item);
    }),
  );
}

test.each(["the service", "the service and its agent"])(
  "%s dies half-way: the outputs are complete and exact",
  async (who) => {
    service = await FileService.start();
    const { storage, client, process, ca } = service;
    const ids = Array.from({ length: TASKS }, (_, at) => `t${at}`);
    const inputs = new Map(
      ids.map((id) => [id, [randomBytes(INPUT_BYTES), randomBytes(INPUT_BYTES)] as const]),
    );
    await each([...inputs], async ([id, [one, two]]) => {
      await storage.put(`inputs/one/${id}`, one);
      await storage.put(`inputs/two/${id}/part`, two);
    });
    const archive = zip([{ name: "combine", content: COMBINE, mode: PROGRAM }]);
    await uploadPackage({ arm: storage.arm, service: { ca } }, "combine", "1.0", archive);
    await storage.addPool("p", ["reader", "writer"], {
      taskSlotsPerNode: SLOTS,
      scaleSettings: { fixedScale: { targetDedicatedNodes: NODES } },
    });
    await client.addJob("j", "p");
    await client.addTasks("j", ids.map(pipelineTask));

    const completed = async () => {
      const path = "/jobs/j/taskcounts";
      const { json } = await client.insist<{ taskCounts: TaskCounts }>("GET", path);
      return json.taskCounts.completed;
    };
    await until("half of the tasks", async () => (await completed()) >= HALF);
    await process.kill();
    if (who !== "the service") await process.killAgent();
    await process.start();
    expect(await completed()).toBeLessThan(TASKS);
    await until("the rest", async () => (await completed()) === TASKS);

    const tasks = await client.tasks("j");
    const failed = tasks.filter(({ executionInfo }) => executionInfo?.result !== "success");
    expect(failed.map(({ id, executionInfo }) => [id, executionInfo])).toEqual([]);
    // The agent outlives the service, and nothing that it does is done twice.
    if (who === "the service")
      expect(tasks.filter((task) => (task.executionInfo?.requeueCount ?? 0) > 0)).toEqual([]);
    const listed = await storage.send("GET", "outputs?restype=container&comp=list");
    const names = [...listed.body.toString().matchAll(/<Name>both\/([^<]+)<\/Name>/g)].map(([, id]) => id);
    expect(names.sort()).toEqual([...ids].sort());
    await each([...inputs], async ([id, [one, two]]) => {
      const { status, body } = await storage.send("GET", `outputs/both/${id}`);
      const wanted = Buffer.concat([Buffer.from(`${id}\n`), one, two]);
      expect([id, status, body.equals(wanted)]).toEqual([id, 200, true]);
    });
  },
  150_000,
);
