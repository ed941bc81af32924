/**
 * The agent process: puts link, nodes and runs together and sees to its own end. It is small on purpose, for it stays
 * beside the work while services come and go.
 *
 *   node agent/main.ts --configuration FILE [--state FILE] [--orphan-seconds N] [--user NAME]
 *
 * The last option it gives itself, when it starts anew with more ids: `id-namespace.ts`.
 *
 * Two variables of the environment, which the service hands on, are for tests and trouble: BATCHYARD_NODE_INIT (see
 * `init-program.ts`) and BATCHYARD_AGENT_ORPHAN_SECONDS, in place of --orphan-seconds.
 */
import { randomUUID } from "node:crypto";
import { mkdirSync, realpathSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import type { AgentConfiguration } from "../wire/agent/configuration.ts";
import { AGENT_ORPHAN_SECONDS, type RunSpec } from "../wire/agent/messages.ts";
import { Agent } from "./agent.ts";
import { readConfiguration } from "./configuration.ts";
import { volumeFolder } from "./disk/node-volume.ts";
import { HostedKeys } from "./hosted-keys.ts";
import { agentUser, enterIdNamespace } from "./id-namespace.ts";
import { IdentityAsks } from "./imds/identity-tokens.ts";
import { RequestLog } from "./imds/request-log.ts";
import { findInitProgram, type InitProgram } from "./init-program.ts";
import { killMarked, nodeMark } from "./marked-processes.ts";
import { NodeHost } from "./node-host.ts";
import { ServiceLink } from "./service-link.ts";
import { ServicePresence } from "./service-presence.ts";
import { EXIT_GAVE_WAY, olderAgent, recordAgent } from "./sole-agent.ts";

const { values: options } = parseArgs({
  options: {
    configuration: { type: "string" },
    /** The file in which the process writes down its id and start time. */
    state: { type: "string" },
    user: { type: "string" },
    "orphan-seconds": {
      type: "string",
      default: process.env.BATCHYARD_AGENT_ORPHAN_SECONDS ?? String(AGENT_ORPHAN_SECONDS),
    },
  },
});

function log(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`);
}

// A log on a full disk is lost; the tasks go on.
process.stderr.on("error", () => {});

/** What an agent starts with, once it is the only one and whatever an earlier one has left behind is gone. */
interface Prepared {
  readonly configuration: AgentConfiguration;
  readonly nodesFolder: string;
  readonly hostedKeys: HostedKeys;
  readonly initProgram: Promise<InitProgram>;
}

async function prepare(configurationFile: string): Promise<Prepared> {
  const isAnew = options.user !== undefined;
  const older = isAnew ? undefined : olderAgent(configurationFile);
  if (older !== undefined) {
    log(`agent ${older} is running already`);
    process.exit(EXIT_GAVE_WAY);
  }
  if (options.state !== undefined && !isAnew) recordAgent(options.state);

  process.umask(0o022); // tasks that run as other users need the way to their folders
  const configuration = readConfiguration(configurationFile);
  mkdirSync(configuration.nodesFolder, { recursive: true });
  const nodesFolder = realpathSync(configuration.nodesFolder);
  // Before the service hears of this agent: from then on the earlier one's work counts as gone.
  const { onlyNode } = configuration;
  const hostedKeys = new HostedKeys(realpathSync(dirname(configurationFile)));
  const keys = onlyNode === undefined ? hostedKeys.left() : [onlyNode];
  // An agent that kept no keys was alone with all nodes.
  const foldersOf = (nodeKey: string) => [nodesFolder, volumeFolder({ nodesFolder, nodeKey })];
  const ownMarks = keys?.flatMap((key) => foldersOf(key).map((above) => nodeMark(join(above, key)))) ?? [
    `${nodesFolder}/`,
  ];
  const leftOver = isAnew ? 0 : await killMarked(...ownMarks);
  if (!isAnew) hostedKeys.clear();
  if (leftOver > 0) log(`killed ${leftOver} processes that an earlier agent had left behind`);

  const { cacheFolder = dirname(configurationFile) } = configuration;
  const initProgram = findInitProgram(cacheFolder, process.env.BATCHYARD_NODE_INIT);
  const program = await initProgram;
  if (program.dialect === "shell") log(`tasks are held by the shell init: ${program.reason}`);
  const obstacle = isAnew ? undefined : await enterIdNamespace(program, nodesFolder);
  if (obstacle !== undefined) log(`nodes have no ids of their own: ${obstacle}`);
  return { configuration, nodesFolder, hostedKeys, initProgram };
}

async function main(configurationFile: string): Promise<void> {
  const { configuration, nodesFolder, hostedKeys, initProgram } = await prepare(configurationFile);
  let ending = false;
  const end = async (reason: string): Promise<void> => {
    if (ending) return;
    ending = true;
    log(`ending: ${reason}`);
    link.close();
    await agent.killAll();
    process.exit(0);
  };

  let { reach, trustedOrigins = [], localRegistries = [], nodeDiskBytes } = configuration;
  const service = new ServicePresence();
  const host = new NodeHost({
    nodesFolder,
    agentFolder: realpathSync(dirname(configurationFile)),
    machineFolder: configuration.machineFolder,
    user: agentUser(options.user),
    initProgram,
    reach: () => reach,
    trustedOrigins: () => trustedOrigins,
    localRegistries: () => localRegistries,
    nodePaths: configuration.nodePaths ?? [],
    nodeDiskBytes: () => nodeDiskBytes,
    identities: new IdentityAsks((message) => link.send(message)),
    service,
    requestLog: new RequestLog(
      (message) => link.send(message),
      (nodeKey) => agent.runsOn(nodeKey),
    ),
  });
  const agent = new Agent({
    agentId: configuration.agentId,
    incarnation: randomUUID(),
    host,
    failureHoldMs: configuration.failureHoldMs,
    hostedKeys,
    send: (message) => void link.send(message),
    sendChunk: (id, bytes) => link.sendChunk(id, bytes),
    onShutdown: () => void end("the service goes down for good"),
    log,
  });
  const link = new ServiceLink({
    configuration: () => {
      const current = readConfiguration(configurationFile);
      ({ reach, trustedOrigins = [], localRegistries = [], nodeDiskBytes } = current);
      return current;
    },
    greeting: () => {
      service.came();
      agent.connected();
      return agent.greeting();
    },
    receive: (message) => {
      // Its account, or the one that its files lie in, may be newer than this agent's connection.
      const mayReachFiles =
        message.t === "node.start" ||
        message.t === "logs.ask" ||
        (message.t === "run.start" && hasFiles(message.spec));
      if (mayReachFiles) reach = readConfiguration(configurationFile).reach;
      agent.receive(message);
    },
    onDisconnected: () => {
      service.went();
      agent.disconnected();
    },
    orphanMs: Number(options["orphan-seconds"]) * 1_000,
    onOrphaned: () => void end("no service for too long"),
    log,
  });
  process.on("SIGTERM", () => void end("SIGTERM"));
  process.on("SIGINT", () => void end("SIGINT"));
  link.open();
  Promise.all([host.images.removeLeft(), host.pulls.removeLeft()]).catch((error: Error) =>
    log(`images left behind: ${error.message}`),
  );
  // All there is to load is loaded: the next agent does without the compiler, and with 20 MB less.
  flushCompileCache();
}

function hasFiles({ resourceFiles, outputFiles }: RunSpec): boolean {
  return resourceFiles !== undefined || outputFiles !== undefined;
}

if (options.configuration === undefined) {
  log("--configuration FILE is missing");
  process.exit(64);
}
await main(options.configuration);
