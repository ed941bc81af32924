/**
 * Tries what an agent could give its nodes here, by making one and taking it down again, and prints what it found as one JSON
 * object. A program of its own, for `batchyard doctor`.
 *
 *   node agent/probe.ts [--folder FOLDER --user NAME]
 *
 * The options it gives itself, when it starts anew with more ids: `id-namespace.ts`.
 */
import { once } from "node:events";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loopbackHosts } from "./endpoints/loopback-servers.ts";
import { agentUser, enterIdNamespace } from "./id-namespace.ts";
import { IdentityAsks } from "./imds/identity-tokens.ts";
import { RequestLog } from "./imds/request-log.ts";
import { findInitProgram } from "./init-program.ts";
import { LoginFolder } from "./login/login-folder.ts";
import { NodeLogins } from "./login/node-logins.ts";
import { LoginObstacle, NO_IDS, NO_PLACE } from "./login/ssh-server.ts";
import { mountsObstacle } from "./mounts/node-mounts.ts";
import { NodeHost } from "./node-host.ts";
import type { NodeInit } from "./node-init.ts";
import { NodeCgroups } from "./sandbox/node-cgroups.ts";
import { OutboundNetwork } from "./sandbox/outbound-network.ts";
import { rangesHere, sandboxIds } from "./sandbox/sandbox-ids.ts";
import { ServicePresence } from "./service-presence.ts";

const LOGIN_MS = 5_000;

const { values: options } = parseArgs({ options: { folder: { type: "string" }, user: { type: "string" } } });
const folder = options.folder ?? realpathSync(mkdtempSync(join(tmpdir(), "batchyard-probe-")));
try {
  process.umask(0o022);
  const agentFolder = join(folder, "agent");
  const nodesFolder = join(folder, "nodes");
  for (const made of [agentFolder, nodesFolder]) mkdirSync(made, { recursive: true });
  const initProgram = findInitProgram(agentFolder, process.env.BATCHYARD_NODE_INIT);
  const program = await initProgram;
  const idsObstacle =
    options.user === undefined
      ? await enterIdNamespace(program, nodesFolder, ["--folder", folder])
      : undefined;
  const host = new NodeHost({
    nodesFolder,
    agentFolder,
    user: agentUser(options.user),
    initProgram,
    reach: () => undefined,
    nodePaths: [],
    trustedOrigins: () => [],
    localRegistries: () => [],
    identities: new IdentityAsks(() => false),
    requestLog: new RequestLog(
      () => false,
      () => [],
    ),
    service: new ServicePresence(),
  });
  const obstacle = await host.sandboxObstacle();
  let nodeMs: number | null = null;
  let rootObstacle: string | null = NO_PLACE;
  let loginObstacle: string | null = NO_PLACE;
  let outboundObstacle: string | null = "nodes have no network of their own";
  if (obstacle === undefined) {
    rootObstacle = (await host.rootObstacle()) ?? null;
    const startedAt = performance.now();
    const root = join(nodesFolder, "timed");
    const init = await host.startSandbox({
      key: "timed",
      hostname: "timed",
      nodeRoot: root,
    });
    nodeMs = Math.round(performance.now() - startedAt);
    loginObstacle = await tryLogin(init, root);
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
    ids: rangesHere() ?? null,
    idsObstacle: idsObstacle ?? null,
    rootObstacle,
    outboundObstacle,
    loginObstacle,
    diskObstacle: (await host.volumeObstacle()) ?? null,
    mountsObstacle: mountsObstacle() ?? null,
    limitsObstacle: NodeCgroups.obstacle() ?? null,
  };
  process.stdout.write(`${JSON.stringify(found)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Has a server introduce itself. @returns why users cannot log in; null when they can */
async function tryLogin(init: NodeInit, root: string): Promise<string | null> {
  const { first } = sandboxIds(root);
  if (first === undefined) return NO_IDS;
  const said: string[] = [];
  const logins = new NodeLogins({
    init,
    folder: new LoginFolder(root),
    hosts: loopbackHosts(false),
    firstId: first,
    accounts: [],
    environment: () => [],
    log: (line) => said.push(line),
  });
  try {
    const { port } = await logins.admit([{ name: "probe", isAdmin: false, expiresInMs: LOGIN_MS }]);
    const client = connect(port, "127.0.0.1");
    const banner = await Promise.race([
      once(client, "data", { signal: AbortSignal.timeout(LOGIN_MS) }).then(String),
      once(client, "close").then(() => ""),
    ]);
    client.destroy();
    return banner.startsWith("SSH-2.0-") ? null : `OpenSSH's server does not start in a node (${said[0]})`;
  } catch (error) {
    if (error instanceof LoginObstacle) return error.message;
    return `OpenSSH's server does not answer in a node: ${(error as Error).message}`;
  } finally {
    logins.close();
  }
}
