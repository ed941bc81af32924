/** Third stage: what makes tasks run and keeps their files: storage, nodes, and the loops that bring both to what is wanted. */
import { randomBytes } from "node:crypto";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { taskAccount } from "../app/accounts/task-account.ts";
import { TaskTokens } from "../app/accounts/task-tokens.ts";
import type { App } from "../app/app.ts";
import type { Management } from "../app/management/management.ts";
import type { AgentAdmission, ComputeDriver } from "../app/ports/compute-driver.ts";
import { TaskEnds } from "../app/ports/task-ends.ts";
import { NodePasswords } from "../app/sign-in/node-passwords.ts";
import { Storage } from "../app/storage/storage.ts";
import { Azurite } from "../compute/azurite.ts";
import { hasCommandPrompt } from "../compute/command-prompt.ts";
import { LocalDriver } from "../compute/local-driver.ts";
import { hasSubordinateIds, namespacesObstacle } from "../compute/namespace-check.ts";
import { SlurmDriver } from "../compute/slurm-driver.ts";
import type { CertificateAuthority } from "../http/certificate-authority.ts";
import { Loops } from "../loops/loops.ts";
import { AgentHub } from "../planes/node/agent-hub.ts";
import { AgentTokens } from "../planes/node/agent-tokens.ts";
import { strangerAt } from "../planes/node/stranger.ts";
import type { NodeSpec } from "../wire/agent/messages.ts";
import { ACCOUNTS_PER_LOCATION_MAX } from "../wire/arm/limits.ts";
import type { Addresses } from "./addresses.ts";
import type { Identity } from "./identity.ts";
import { type ServiceOptions, StartError } from "./service-options.ts";
import type { Stage } from "./stage.ts";
import type { State } from "./state.ts";

export interface Work {
  readonly app: App;
  readonly management: Management;
  readonly hub: AgentHub;
  readonly compute: ComputeDriver;
  readonly loops: Loops;
  /** What nodes of this machine will be; null where they are on others. */
  readonly nodes: "namespace" | "process" | null;
}

export interface WorkParts {
  readonly state: State;
  readonly identity: Identity;
  readonly authority: CertificateAuthority;
  readonly addresses: Addresses;
}

/** Makes the parts that work and starts none: loops start, and agents are told where to call, when the doors are open. */
export async function openWork(stage: Stage, parts: WorkParts): Promise<Work> {
  const { options, log } = stage;
  const { state, identity, addresses } = parts;
  const { store, sealing, clock } = state;
  const { accounts } = identity;
  const storage = await openStorage(stage, parts);
  const tokens = new AgentTokens();
  const hub = openHub(stage, parts, tokens);
  const compute = await openCompute(stage, state.folder, {
    tokenOf: (agentId) => tokens.tokenOf(agentId),
    revoke: (agentId) => {
      tokens.revoke(agentId);
      hub.disconnect(agentId);
    },
  });
  const loops = new Loops(log);
  const isolation = options.isolation ?? defaultIsolation();
  const nodes = await nodesHere(isolation, options.compute);
  const allowsUnisolatedIdentities = options.allowUnisolatedIdentities ?? false;
  const containerObstacle = containersObstacle(nodes);
  const mountObstacle = mountsObstacle(nodes);
  const records = {
    store,
    clock: clock.now,
    sealing,
    storage,
    nudge: loops,
    containerObstacle,
    hasIPv6: hasIPv6(),
    mountObstacle,
  };
  const app: App = {
    ...records,
    randomId: () => randomBytes(8).toString("hex"),
    taskEnds: new TaskEnds(),
    agents: hub,
    compute,
    isolation,
    allowsUnisolatedIdentities,
    servesWindows: () => hasCommandPrompt(options.nodePaths ?? []),
    nodePasswords: new NodePasswords(),
    taskTokens: await TaskTokens.read(store, sealing),
    account: (key) => taskAccount(accounts.byKey(key), storage, addresses.accountPort(key)),
  };
  hub.attach(app);
  const management: Management = {
    ...records,
    access: identity.access,
    accounts,
    identityLocations: options.identityLocations,
    accountsPerLocation: options.accountsPerLocation ?? ACCOUNTS_PER_LOCATION_MAX,
    refusesIdentities: isolation === "process" && !allowsUnisolatedIdentities,
  };
  return { app, management, hub, compute, loops, nodes };
}

async function openStorage({ undo, log }: Stage, parts: WorkParts): Promise<Storage> {
  const { state, addresses } = parts;
  const storage = await Storage.read(state.store, state.sealing);
  const backend = new Azurite({ folder: join(state.folder, "storage"), log });
  undo.push(() => backend.close());
  storage.servedBy({ backend, port: () => addresses.blobPort, onChange: () => addresses.changed() });
  return storage;
}

function openHub({ log }: Stage, { state, identity }: WorkParts, tokens: AgentTokens): AgentHub {
  const { store, directory, clock } = state;
  const { identityRequests, accessTokens, accounts, access } = identity;
  const hub = new AgentHub({
    identityTokens: {
      store,
      directory,
      accessTokens,
      requests: identityRequests,
      clock: clock.now,
      account: (key) => accounts.byKey(key)?.handle,
    },
    tokens,
    onRefused: (socket, problem) => {
      const operation = problem === undefined ? "Agent_Connect" : "Agent_Message";
      const stranger = { operation, target: "/agent", ...strangerAt(socket) } as const;
      const isKnown = problem !== undefined;
      void identityRequests.ofStranger(stranger, isKnown ? 400 : 401, problem ?? "No agent has this token.");
    },
    log,
  });
  directory.whenChanged(() => hub.recheckTokens());
  access.whenInvalidated(() => hub.recheckTokens());
  return hub;
}

/** @throws StartError where the driver finds nothing to provide nodes with */
async function openCompute(
  { options: { compute = "local", slurmOptions = [] }, log }: Stage,
  dataFolder: string,
  admission: AgentAdmission,
): Promise<ComputeDriver> {
  if (compute === "local") return new LocalDriver({ dataFolder, admission, log });
  try {
    return await SlurmDriver.open({ dataFolder, admission, options: slurmOptions, log });
  } catch (error) {
    throw new StartError(`--compute slurm: ${(error as Error).message}`);
  }
}

/** @throws StartError where nodes would be root's own processes, and nobody has said that they are to be */
async function nodesHere(
  isolation: NodeSpec["isolation"],
  compute: ServiceOptions["compute"],
): Promise<Work["nodes"]> {
  if (compute === "slurm") return null;
  if (isolation !== "auto") return isolation;
  const obstacle = await namespacesObstacle();
  if (obstacle === undefined) return "namespace";
  if (process.geteuid?.() !== 0) return "process";
  throw new StartError(
    `nodes cannot have namespaces here (${obstacle}), and tasks would run as root of this machine: batchyard doctor tells what to do; --isolation process starts all the same`,
  );
}

function hasIPv6(): boolean {
  return Object.values(networkInterfaces()).some((each) => each?.some(({ address }) => address === "::1"));
}

/** Of other machines nothing is known here. */
function containersObstacle(nodes: Work["nodes"]): string | undefined {
  if (nodes === null) return undefined;
  if (nodes === "process") return "they are processes of this machine";
  return process.geteuid?.() === 0 || hasSubordinateIds()
    ? undefined
    : "only a service of root's, or of a user who has ids in /etc/subuid and /etc/subgid, gives them roots of their own";
}

/** What else is missing the nodes tell, as Azure's do. */
const mountsObstacle = (nodes: Work["nodes"]): string | undefined =>
  nodes === "process" ? "they are processes of this machine" : undefined;

/** The variable is for whole test runs on one kind of node. */
function defaultIsolation(): NodeSpec["isolation"] {
  const { BATCHYARD_ISOLATION: wish } = process.env;
  return wish === "namespace" || wish === "process" ? wish : "auto";
}
