/** A disk that is short of space when an image comes: images that nobody uses go, those that nodes stand on stay. Takes a small disk, and so root. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ImageStore } from "../../../src/agent/images/image-store.ts";
import { BatchClient } from "../batch-client.ts";
import { KillableService, until } from "../killable-service.ts";
import { containerPool } from "./container-pool.fixture.ts";
import { rootObstacle } from "./namespace-nodes.ts";
import { freePort, hasRegistryTools, makeImage, TestRegistry } from "./registry.fixture.ts";

const MB = 2 ** 20;
/** As much as a machine keeps when images come. */
const KEPT_MB = 512;
const DISK_MB = 600;
const BIG_MB = 40;

const work = mkdtempSync(join(tmpdir(), "batchyard-image-space-"));
const data = join(work, "data");
const store = join(data, "images");
const canRun = rootObstacle === undefined && hasRegistryTools && isMounted();
if (!canRun)
  console.warn("skipped: images on a full disk (no small disk, no roots of nodes' own or no registry here)");

function isMounted(): boolean {
  mkdirSync(store, { recursive: true });
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_MB}m,mode=755`, "tmpfs", store], {
      stdio: "ignore",
    });
    return true;
  } catch {
    return false;
  }
}

interface Node {
  readonly state: string;
  readonly errors?: readonly { readonly code: string }[];
}

describe.skipIf(!canRun)("an image that comes to a disk which is short of space", () => {
  let registry: TestRegistry;
  let service: KillableService;
  let client: BatchClient;

  beforeAll(async () => {
    registry = await TestRegistry.start(join(work, "registry"), await freePort());
    registry.push(makeImage(join(work, "small"), "small"), "small:1");
    registry.push(makeImage(join(work, "big"), "big", { zeros: BIG_MB * MB }), "big:1");
    service = await KillableService.start({
      folder: data,
      parameters: ["--isolation", "namespace", "--registry", `127.0.0.1:${registry.port}`],
    });
    client = new BatchClient(service.ready);
  });

  afterAll(async () => {
    client?.close();
    await service?.dispose();
    await registry?.stop();
    if (canRun) execFileSync("umount", ["--lazy", store]);
    rmSync(work, { recursive: true, force: true });
  });

  async function nodeOf(poolId: string, image: string): Promise<Node> {
    await client.insist(
      "POST",
      "/pools",
      containerPool(poolId, { containerImageNames: [`127.0.0.1:${registry.port}/${image}`] }),
    );
    return until(`a node of ${poolId}`, async () => {
      const { json } = await client.send<{ value: Node[] }>("GET", `/pools/${poolId}/nodes`);
      const [node] = json.value;
      return node !== undefined && /^(idle|unusable)$/.test(node.state) && node;
    });
  }

  const kept = () =>
    new ImageStore(store).all().flatMap(({ pulled = [] }) => pulled.map((name) => name.replace(/@.*/, "")));
  const named = (image: string) => `127.0.0.1:${registry.port}/${image}`;

  test("is refused as long as all that is there is used, and harms nothing", async () => {
    expect(await nodeOf("big", "big:1")).toMatchObject({ state: "idle" });
    const { bavail, bsize } = statfsSync(store);
    const ballast = bavail * bsize - (KEPT_MB - 10) * MB;
    execFileSync("fallocate", ["-l", String(ballast), join(store, ".ballast")]);
    const node = await nodeOf("small", "small:1");
    expect(node).toMatchObject({ state: "unusable", errors: [{ code: "DiskFull" }] });
    expect(kept()).toEqual([named("big")]);
    await client.insist("POST", "/jobs", { id: "j", poolInfo: { poolId: "big" } });
    const containerSettings = { imageName: named("big:1") };
    await client.addTasks("j", [{ id: "t", commandLine: "", containerSettings }]);
    await until("the task", async () => (await client.counts("j")).completed === 1);
    expect((await client.counts("j")).succeeded).toBe(1);
  });

  test("takes the place of what nobody uses any more", async () => {
    await client.insist("DELETE", "/pools/big");
    await until("the pool to be gone", async () => (await client.send("GET", "/pools/big")).status === 404);
    expect(await nodeOf("again", "small:1")).toMatchObject({ state: "idle" });
    expect(kept()).toEqual([named("small")]);
  });
});
