/** The service, its agent or both die while images are being pulled: the nodes come all the same, and nothing half-made is left. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ImageStore } from "../../../src/agent/images/image-store.ts";
import { BatchClient, type TaskResource } from "../batch-client.ts";
import { KillableService, until } from "../killable-service.ts";
import { containerPool } from "./container-pool.fixture.ts";
import { rootObstacle } from "./namespace-nodes.ts";
import { freePort, HoldingFront, hasRegistryTools, makeImage, TestRegistry } from "./registry.fixture.ts";

const canRun = rootObstacle === undefined && hasRegistryTools;
if (!canRun) console.warn("skipped: no roots of nodes' own here, or no skopeo, umoci and docker-registry");

/** Two pulls are under way at each death. */
const IMAGES = ["one", "two"];

describe.skipIf(!canRun)("while images are pulled", { timeout: 90_000 }, () => {
  const work = mkdtempSync(join(tmpdir(), "batchyard-pull-"));
  let registry: TestRegistry;
  let front: HoldingFront;
  let service: KillableService;
  let client: BatchClient;

  beforeAll(async () => {
    registry = await TestRegistry.start(join(work, "registry"), await freePort());
    front = await HoldingFront.start(registry.port);
    const parameters = ["--isolation", "namespace", "--registry", `127.0.0.1:${front.port}`];
    service = await KillableService.start({ parameters });
    client = new BatchClient(service.ready);
  });

  afterAll(async () => {
    client?.close();
    front?.stop();
    await service?.dispose();
    await registry?.stop();
    rmSync(work, { recursive: true, force: true });
  });

  const kept = () => new ImageStore(join(service.folder, "images")).all();
  const left = () =>
    ["images", "agent/sandboxes"]
      .flatMap((name) => readdirSync(join(service.folder, name)))
      .filter((name) => /^(\.new-|pull-)/.test(name));

  /** Makes a pool for each of the two new images, and waits until a layer of each is half there. @returns the pools' ids */
  async function pullHalf(name: string): Promise<string[]> {
    front.hold();
    const ids = IMAGES.map((which) => `${name}-${which}`);
    for (const id of ids) {
      registry.push(makeImage(join(work, id), id), `${id}:1`);
      const image = `127.0.0.1:${front.port}/${id}:1`;
      await client.insist("POST", "/pools", containerPool(id, { containerImageNames: [image] }));
    }
    await until("both pulls to be half-way", () => ids.every((id) => front.heldOf(id) > 0));
    return ids;
  }

  /** The nodes are idle, the images whole, and of what was pulled in vain nothing is left. */
  async function expectWhole(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      await until(`the node of ${id} to be idle`, async () => {
        const { json } = await client.send<{ value: { state: string }[] }>("GET", `/pools/${id}/nodes`);
        return json.value?.[0]?.state === "idle";
      });
      await client.insist("POST", "/jobs", { id, poolInfo: { poolId: id } });
      const containerSettings = { imageName: `127.0.0.1:${front.port}/${id}:1` };
      await client.addTasks(id, [{ id: "t", commandLine: `grep -qx ${id} /text`, containerSettings }]);
      const done = await until(`the task of ${id}`, async () => {
        const { json } = await client.send<TaskResource>("GET", `/jobs/${id}/tasks/t`);
        return json.state === "completed" && json;
      });
      expect(done.executionInfo).toMatchObject({ exitCode: 0 });
    }
    await until("what was left half-made to be gone", () => left().length === 0);
  }

  test("the service's death interrupts no pull, and one that ends meanwhile is known afterwards", async () => {
    const ids = await pullHalf("service");
    const agent = service.agentPid;
    await service.kill();
    front.letGo();
    await until("the images to be there", () => kept().length === IMAGES.length);
    await service.start();
    await expectWhole(ids);
    expect(service.agentPid).toBe(agent);
    expect(ids.map((id) => front.heldOf(id))).toEqual([1, 1]);
  });

  test("after the agent's death the next one pulls anew", async () => {
    const before = kept().length;
    const ids = await pullHalf("agent");
    await service.killAgent();
    expect(kept()).toHaveLength(before);
    await until("both to be half-way again", () => ids.every((id) => front.heldOf(id) > 1));
    front.letGo();
    await expectWhole(ids);
  });

  test("after the death of both they are pulled anew", async () => {
    const ids = await pullHalf("both");
    await service.kill();
    await service.killAgent();
    expect(left().filter((name) => name.startsWith("pull-"))).not.toEqual([]);
    front.letGo();
    await service.start();
    await expectWhole(ids);
  });

  test("an agent that has nothing to pull leaves nothing of what its predecessor was pulling", async () => {
    const ids = await pullHalf("idle");
    for (const id of ids) await client.insist("DELETE", `/pools/${id}`);
    await service.kill();
    await service.killAgent();
    front.letGo();
    await service.start();
    await until("another agent", () => service.agentPid);
    await until("what was left half-made to be gone", () => left().length === 0);
  });
});
