/**
 * Tries what an agent could give its nodes here, by making one and taking it down again, and prints what it found as one JSON
 * object. A program of its own, for `batchyard doctor`.
 *
 *   node agent/probe.ts
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { IdentityAsks } from "./imds/identity-tokens.ts";
import { RefusedRequests } from "./imds/refused-requests.ts";
import { findInitProgram } from "./init-program.ts";
import { NodeHost } from "./node-host.ts";
import { NodeCgroups } from "./place/node-cgroups.ts";
import { OutboundNetwork } from "./place/outbound-network.ts";
import { ServicePresence } from "./service-presence.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "batchyard-probe-")));
try {
  process.umask(0o022);
  const agentFolder = join(folder, "agent");
  const nodesFolder = join(folder, "nodes");
  for (const made of [agentFolder, nodesFolder]) mkdirSync(made);
  const initProgram = findInitProgram(agentFolder, process.env.BATCHYARD_NODE_INIT);
  const host = new NodeHost({
    nodesFolder,
    agentFolder,
    initProgram,
    reach: () => undefined,
    nodePaths: [],
    trustedOrigins: () => [],
    identities: new IdentityAsks(() => false),
    refusedRequests: new RefusedRequests(
      () => false,
      () => [],
    ),
    service: new ServicePresence(),
  });
  const program = await initProgram;
  const obstacle = await host.placeObstacle();
  let nodeMs: number | null = null;
  let outboundObstacle: string | null = "nodes have no network of their own";
  if (obstacle === undefined) {
    const startedAt = performance.now();
    const init = await host.startPlace({
      key: "timed",
      hostname: "timed",
      nodeRoot: join(nodesFolder, "timed"),
    });
    nodeMs = Math.round(performance.now() - startedAt);
    try {
      (await OutboundNetwork.start(init.pid)).close();
      outboundObstacle = null;
    } catch (error) {
      outboundObstacle = (error as Error).message;
    }
    await init.close();
  }
  const found = {
    init: program.dialect === "binary" ? "native" : "shell",
    initReason: program.dialect === "shell" ? program.reason : null,
    namespace: obstacle === undefined,
    namespaceObstacle: obstacle ?? null,
    nodeMs,
    outboundObstacle,
    limitsObstacle: NodeCgroups.obstacle() ?? null,
  };
  process.stdout.write(`${JSON.stringify(found)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
