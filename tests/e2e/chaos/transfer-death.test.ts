/** A download is under way when the service dies, or the agent: the task gets the whole file all the same. */
import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asIdentity } from "../../wire/blob/identity-storage.fixture.ts";
import { STORAGE_ACCOUNT } from "../../wire/blob/storage.fixture.ts";
import { until } from "../killable-service.ts";
import { FileService } from "../storage/file-service.ts";

const BLOB = `https://${STORAGE_ACCOUNT}.blob.core.windows.net/inputs/big`;
const BYTES = 96 * 1024 * 1024;
/** Random, so that no piece can stand for another. */
const content = randomBytes(BYTES);
const sum = createHash("sha256").update(content).digest("hex");

let service: FileService;
beforeAll(async () => {
  service = await FileService.start();
  await service.storage.put("inputs/big", content);
  await service.storage.addPool("p", ["reader", "writer"]);
  await service.client.addJob("j", "p");
  await until("the node", async () => {
    const { json } = await service.client.ok<{ value: { state: string }[] }>("GET", "/pools/p/nodes");
    return json.value[0]?.state === "idle";
  });
}, 90_000);
afterAll(() => service?.dispose(), 60_000);

const task = (id: string) => ({
  id,
  commandLine: `/bin/sh -c 'test "$(sha256sum <big)" = "${sum}  -"'`,
  resourceFiles: [{ httpUrl: BLOB, filePath: "big", ...asIdentity("reader") }],
});

/** Begins a download and holds it in its midst, until `go` is called. */
async function halfway(id: string): Promise<{ go: () => void }> {
  const pid = service.azuritePid;
  await service.client.addTasks("j", [task(id)]);
  await until("the download", () => (service.sizeOnNode("j", id, "big") ?? 0) > 0);
  process.kill(pid, "SIGSTOP");
  expect(service.sizeOnNode("j", id, "big")).toBeLessThan(BYTES);
  return { go: () => process.kill(pid, "SIGCONT") };
}

const completed = (id: string) =>
  until(`the end of ${id}`, async () => {
    const { json } = await service.client.insist<{ state: string; executionInfo: object }>(
      "GET",
      `/jobs/j/tasks/${id}`,
    );
    return json.state === "completed" && json;
  });

test("the service: the same attempt goes on under the next one", async () => {
  const { go } = await halfway("service");
  await service.process.kill();
  go();
  await service.process.start();
  const { executionInfo } = await completed("service");
  expect(executionInfo).toMatchObject({ exitCode: 0, requeueCount: 0, retryCount: 0 });
}, 90_000);

test("the agent: another attempt begins anew", async () => {
  const { go } = await halfway("agent");
  await service.process.killAgent();
  go();
  const { executionInfo } = await completed("agent");
  expect(executionInfo).toMatchObject({ exitCode: 0, retryCount: 0 });
}, 90_000);
