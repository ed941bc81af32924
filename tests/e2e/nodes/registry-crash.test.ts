/** The service and its agent die while an image is being pulled: the node comes all the same, and nothing half-made is left. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BatchClient } from "../batch-client.ts";
import { KillableService, until } from "../killable-service.ts";
import { containerPool } from "./container-pool.fixture.ts";
import { rootObstacle } from "./namespace-nodes.ts";
import { freePort, hasRegistryTools, makeImage, TestRegistry } from "./registry.fixture.ts";

const canRun = rootObstacle === undefined && hasRegistryTools;
if (!canRun) console.warn("skipped: no roots of nodes' own here, or no skopeo, umoci and docker-registry");

test.skipIf(!canRun)(
  "a pull that is killed half-way is done again",
  async () => {
    const work = mkdtempSync(join(tmpdir(), "batchyard-pull-"));
    const registry = await TestRegistry.start(join(work, "registry"), await freePort());
    registry.push(makeImage(join(work, "image"), "there"), "tool:1");
    const port = await freePort();
    // Holds a layer back until it is let go.
    let isHeld = true;
    let asked = 0;
    const front = createServer(async (request, response) => {
      if (request.url?.includes("/blobs/")) {
        asked++;
        if (isHeld) return;
      }
      const from = await fetch(`http://127.0.0.1:${registry.port}${request.url}`, {
        headers: { accept: request.headers.accept ?? "" },
      });
      response
        .writeHead(from.status, Object.fromEntries(from.headers))
        .end(Buffer.from(await from.arrayBuffer()));
    }).listen(port, "127.0.0.1");
    const name = `127.0.0.1:${port}/tool:1`;
    const service = await KillableService.start({
      parameters: ["--isolation", "namespace", "--registry", `127.0.0.1:${port}`],
    });
    const client = new BatchClient(service.ready);
    try {
      const pool = containerPool("p", { containerImageNames: [name] });
      await client.insist("POST", "/pools", pool);
      await until("the pull to be under way", async () => asked > 0);
      await service.kill();
      await service.killAgent();
      isHeld = false;
      await service.start();
      await until("the node to be idle", async () => {
        const { json } = await client.send<{ value: { state: string }[] }>("GET", "/pools/p/nodes");
        return json.value?.[0]?.state === "idle";
      });
      const left = ["images", "agent/sandboxes"].flatMap((name) => readdirSync(join(service.folder, name)));
      expect(left.filter((name) => /^(\.new-.*|pull-\d+)$/.test(name))).toEqual([]);
    } finally {
      client.close();
      await service.dispose();
      front.closeAllConnections();
      front.close();
      await registry.stop();
      rmSync(work, { recursive: true, force: true });
    }
  },
  90_000,
);
