/** The service, its agent or both die while an image is being pulled: the node comes all the same, and nothing half-made is left. */
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

test.skipIf(!canRun).each([
  ["service and agent", true, true],
  ["the service alone", true, false],
  ["the agent alone", false, true],
] as const)(
  "a pull is under way, and %s is killed: the node gets its image all the same",
  async (_, isService, isAgent) => {
    const work = mkdtempSync(join(tmpdir(), "batchyard-pull-"));
    const registry = await TestRegistry.start(join(work, "registry"), await freePort());
    registry.push(makeImage(join(work, "image"), "there"), "tool:1");
    const port = await freePort();
    // Holds a layer back until it is let go.
    const held = Promise.withResolvers<void>();
    let asked = 0;
    const front = createServer(async (request, response) => {
      if (request.url?.includes("/blobs/")) {
        asked++;
        await held.promise;
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
      if (isService) await service.kill();
      if (isAgent) await service.killAgent();
      held.resolve();
      if (isService) await service.start();
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
