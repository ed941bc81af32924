/**
 * What this agent has to host nodes with: the init program, the folders, the way to the service, and whether nodes can have
 * sandboxes of their own here. Found out once, when it is first asked for.
 */
import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { limitsWithin, memoryOfAllNodes, type NodeLimits } from "../core/lifecycle/node-limits.ts";
import { trustEnvironment } from "../core/lifecycle/task-environment.ts";
import type { NodePath, ServiceReach } from "../wire/agent/configuration.ts";
import type { NodeSpec, UserAccountSpec } from "../wire/agent/messages.ts";
import { NodeDisk } from "./disk/node-disk.ts";
import { volumeObstacle } from "./disk/node-volume.ts";
import { removeTree } from "./files/remove-tree.ts";
import type { AgentUser } from "./id-namespace.ts";
import { ImagePulls } from "./images/image-pulls.ts";
import { ImageStore } from "./images/image-store.ts";
import type { IdentityAsks, IdentityTokens } from "./imds/identity-tokens.ts";
import type { RequestLog } from "./imds/request-log.ts";
import type { InitProgram } from "./init-program.ts";
import { LoginFolder } from "./login/login-folder.ts";
import { NodeFault } from "./node-fault.ts";
import { NodeInit } from "./node-init.ts";
import { joinGroup, machineSize, NodeCgroups } from "./sandbox/node-cgroups.ts";
import { programFolders } from "./sandbox/program-folders.ts";
import { makeRootBase } from "./sandbox/root-base.ts";
import { RootFolder } from "./sandbox/root-folder.ts";
import { machinesPrograms, type RootViewOptions, rootView } from "./sandbox/root-view.ts";
import { sandboxFiles, trustFilesHere } from "./sandbox/sandbox-files.ts";
import {
  isMachinesRoot,
  makeSandboxFolder,
  type NodeRanges,
  rangesHere,
  TEMPORARY_FOLDER,
} from "./sandbox/sandbox-ids.ts";
import { sandboxView } from "./sandbox/sandbox-view.ts";
import { SharedSandboxes } from "./sandbox/shared-sandboxes.ts";
import type { ServicePresence } from "./service-presence.ts";
import type { InsideNetwork } from "./transfer/inside-network.ts";
import type { TransferNetwork } from "./transfer/outbound-request.ts";

export interface NodeHostOptions {
  /** Absolute, without symbolic links. */
  readonly nodesFolder: string;
  /** The agent's own, beside its configuration; tasks never see it. */
  readonly agentFolder: string;
  /** See `AgentConfiguration`. */
  readonly machineFolder?: string | undefined;
  readonly user: AgentUser;
  readonly initProgram: Promise<InitProgram>;
  readonly reach: () => ServiceReach | undefined;
  readonly nodePaths: readonly NodePath[];
  /** See `AgentConfiguration`. */
  readonly nodeDiskBytes?: () => number | undefined;
  readonly trustedOrigins: () => readonly string[];
  /** Of container images, on this machine's loopback. */
  readonly localRegistries: () => readonly string[];
  readonly identities: IdentityAsks;
  readonly service: ServicePresence;
  readonly requestLog: RequestLog;
}

export interface SandboxStart {
  /** Names the node on this machine. */
  readonly key: string;
  readonly hostname: string;
  /** Absolute, without symbolic links; made when missing. */
  readonly nodeRoot: string;
  /** Folders of them. */
  readonly certificates?: readonly string[];
  readonly limits?: NodeLimits | undefined;
  readonly userAccounts?: readonly UserAccountSpec[] | undefined;
  /** What containers are made from: folders of this machine by where the node sees them. Absent for a node without containers. */
  readonly images?: ReadonlyMap<string, string> | undefined;
  /** File systems that are mounted on this machine, by where the node sees them. */
  readonly mounts?: ReadonlyMap<string, string> | undefined;
  /** Programs that work for the node alone, and take of what it may have. */
  readonly servants?: readonly number[];
}

/** Where what all nodes share lies. */
type SharedRoot = Pick<RootViewOptions, "base" | "programs">;
/** Or why they have no roots of their own. */
type RootChoice =
  | { readonly root: SharedRoot; readonly obstacle?: undefined }
  | { readonly root?: undefined; readonly obstacle: string };

const TOO_FEW_IDS =
  "whoever is neither root nor has ids in /etc/subuid and /etc/subgid can give nothing to them";

/** Azure's instance metadata service, as every client knows it. */
export const METADATA_ADDRESS = "169.254.169.254:80";

export class NodeHost {
  readonly #options: NodeHostOptions;
  /** Of this machine. */
  readonly images: ImageStore;
  readonly pulls: ImagePulls;
  readonly #shared: SharedSandboxes | undefined;
  #obstacle: Promise<string | undefined> | undefined;
  #volumeObstacle: Promise<string | undefined> | undefined;
  #root: Promise<RootChoice> | undefined;
  /** Or why there are none. */
  #cgroups: NodeCgroups | string | undefined;

  constructor(options: NodeHostOptions) {
    this.#options = options;
    this.#shared =
      options.machineFolder === undefined ? undefined : new SharedSandboxes(options.machineFolder);
    this.images = new ImageStore(join(dirname(options.agentFolder), "images"));
    const { agentFolder, localRegistries } = options;
    this.pulls = new ImagePulls({
      store: this.images,
      folder: join(agentFolder, "sandboxes"),
      startSandbox: (nodeRoot) => this.startSandbox({ key: basename(nodeRoot), hostname: "pull", nodeRoot }),
      removeSandbox,
      localRegistries,
      environment: () => trustEnvironment(this.reach),
      network: (sandbox, tokens) => ({
        ...this.transferNetwork(tokens, sandbox.inside),
        trustedOrigins: localRegistries().map((address) => `http://${address}`),
      }),
    });
  }

  get nodesFolder(): string {
    return this.#options.nodesFolder;
  }

  /** Where file systems are mounted that nodes see. */
  get mountsFolder(): string {
    return join(this.#options.agentFolder, "mounts");
  }

  get reach(): ServiceReach | undefined {
    return this.#options.reach();
  }

  /** The network by which files of tasks come and go: as it is at each look, for the service may start anew meanwhile. */
  transferNetwork(tokens: IdentityTokens, node: InsideNetwork | undefined): TransferNetwork {
    const { reach, trustedOrigins, service } = this.#options;
    return {
      get reach() {
        return reach();
      },
      get trustedOrigins() {
        return trustedOrigins();
      },
      service,
      tokens,
      ...(node && { node }),
    };
  }

  /** Where tokens of nodes' identities come from. */
  get identities(): IdentityAsks {
    return this.#options.identities;
  }

  /** The log of requests to the nodes' metadata endpoints. */
  get requestLog(): RequestLog {
    return this.#options.requestLog;
  }

  /** Under whose name tasks of process nodes run. */
  get userName(): string {
    return this.#options.user.name;
  }

  /** @throws as `NodeDisk.open` */
  openDisk(nodeKey: string, isolation: "namespace" | "process"): Promise<NodeDisk> {
    const { nodesFolder, nodeDiskBytes } = this.#options;
    const obstacle = () => this.volumeObstacle();
    const hasIds = isolation === "namespace";
    return NodeDisk.open({ nodesFolder, nodeKey, bytes: nodeDiskBytes?.(), obstacle, hasIds });
  }

  /** Why nodes cannot have disks of their own here; undefined when they can. */
  volumeObstacle(): Promise<string | undefined> {
    this.#volumeObstacle ??= volumeObstacle(this.nodesFolder);
    return this.#volumeObstacle;
  }

  /** The init of a node that is a part of the machine. @param nodeRoot absolute, without symbolic links */
  async startBeside(nodeRoot: string): Promise<NodeInit> {
    const program = await this.#options.initProgram;
    const { outside } = this.#options.user;
    if (program.dialect === "shell" || !outside) return NodeInit.start(program, nodeRoot);
    const command = [program.command[0], "as", String(outside.uid), String(outside.gid)] as const;
    return NodeInit.start({ ...program, command }, nodeRoot);
  }

  /** Why nodes cannot have sandboxes of their own here; undefined when they can. */
  sandboxObstacle(): Promise<string | undefined> {
    this.#obstacle ??= this.#trySandbox().catch((error: unknown) => {
      this.#obstacle = undefined;
      throw error;
    });
    return this.#obstacle;
  }

  /** @throws NodeFault `IsolationUnavailable` for a node whose tasks would be root's, where nobody has said that they are to be */
  async isolationFor({ isolation }: NodeSpec): Promise<"namespace" | "process"> {
    if (isolation !== "auto") return isolation;
    const obstacle = await this.sandboxObstacle();
    if (obstacle === undefined) return "namespace";
    if (!isMachinesRoot()) return "process";
    throw new NodeFault(
      "IsolationUnavailable",
      `No namespace node can be had here, and tasks of another would be root's: ${obstacle} --isolation process allows it.`,
    );
  }

  /** The init of a node in a sandbox of its own, with a root of its own where that can be. */
  async startSandbox(start: SandboxStart): Promise<NodeInit> {
    return this.#startSandbox(start, (await this.#rootChoice()).root);
  }

  /** Why nodes' administrators cannot write to the programs that their nodes see; undefined when they can. */
  async rootObstacle(): Promise<string | undefined> {
    return (await this.#rootChoice()).obstacle;
  }

  #rootChoice(): Promise<RootChoice> {
    this.#root ??= this.#tryRoot();
    return this.#root;
  }

  /** @param shared what a root of its own stands on */
  async #startSandbox(start: SandboxStart, shared: SharedRoot | undefined): Promise<NodeInit> {
    const program = await this.#options.initProgram;
    if (program.dialect === "shell") throw new Error(`The node's init is the shell one (${program.reason}).`);
    if (program.command.length > 1) throw new Error("BATCHYARD_NODE_INIT asks for none.");
    const { key, hostname, nodeRoot, certificates = [], limits } = start;
    const ids = await makeSandboxFolder(nodeRoot, start.userAccounts);
    const logins = ids.first === undefined ? undefined : new LoginFolder(nodeRoot);
    await logins?.make(ids.first ?? 0);
    const { nodePaths, nodesFolder, agentFolder } = this.#options;
    const reach = this.reach;
    const files = sandboxFiles({
      hostname,
      azureNames: reach?.azureNames ?? [],
      bundleFile: reach?.bundleFile,
      accounts: ids.accounts,
    });
    const hidden = [agentFolder, dirname(agentFolder), nodesFolder, dirname(nodesFolder), ...homes()];
    const folder = new RootFolder(nodeRoot);
    const { images = new Map() } = start;
    if (images.size > 0 && !shared)
      throw new Error(`Containers need nodes with roots of their own: ${await this.rootObstacle()}.`);
    const { accounts } = files;
    const root = shared && rootView({ ...shared, own: folder.path, hidden, accounts, images });
    if (root) await folder.make(ids.first ?? 0);
    const machine = machineSize();
    const within = limits && limitsWithin(limits, machine);
    const view = sandboxView({
      memoryBytes: within?.memoryBytes ?? memoryOfAllNodes(machine),
      nodeRoot,
      temporaryFolder: join(nodeRoot, TEMPORARY_FOLDER),
      files,
      own: logins?.seen ?? new Map(),
      mounts: start.mounts ?? new Map(),
      paths: [...nodePaths, ...certificates.map(readOnly), ...trustFiles(reach)],
      hidden,
      root,
    });
    // Each node mounts its new root there for itself alone.
    const stage = join(agentFolder, "sandboxes", "root");
    mkdirSync(stage, { recursive: true });
    const cgroups = within && this.#openCgroups();
    const group = (within && cgroups?.make(key, within)) ?? "";
    if (group !== "") joinGroup(group, start.servants ?? []);
    const words = [ids.uidMap, ids.gidMap, stage, hostname, String(within?.processes ?? 0), group];
    const init = await NodeInit.start(program, nodeRoot, { words, view });
    void init.gone.then(() => cgroups?.remove(key));
    return init;
  }

  /** Undefined where the agent's own cannot be divided. */
  #openCgroups(): NodeCgroups | undefined {
    this.#cgroups ??= NodeCgroups.open(machineSize());
    return typeof this.#cgroups === "string" ? undefined : this.#cgroups;
  }

  async #tryRoot(): Promise<RootChoice> {
    const { agentFolder } = this.#options;
    const root = join(agentFolder, "sandboxes", "root-probe");
    try {
      const shared = await this.#makeShared();
      await this.#try(["root", shared.base], async () => {
        await (
          await this.#startSandbox({ key: "root-probe", hostname: "probe", nodeRoot: root }, shared)
        ).close();
      });
      return { root: shared };
    } catch (error) {
      return { obstacle: (error as Error).message };
    } finally {
      await removeSandbox(root);
    }
  }

  /** @throws Error where there can be none */
  async #makeShared(): Promise<SharedRoot> {
    if (isMachinesRoot()) return { base: await this.#makeBase(undefined) };
    const owners = rangesHere();
    if (!owners) throw new Error(TOO_FEW_IDS);
    const otherwise = join(this.#options.agentFolder, "sandboxes");
    return {
      base: await this.#makeBase(owners),
      programs: await programFolders(machinesPrograms(), owners.start, otherwise),
    };
  }

  /** @param owners whose it is to be; undefined where each node sees it as its own */
  async #makeBase(owners: NodeRanges | undefined): Promise<string> {
    const { agentFolder, nodesFolder, machineFolder } = this.#options;
    const { caFile, bundleFile } = this.reach ?? {};
    const trusted = { caFile, bundleFile, trustFiles: trustFilesHere(), owners };
    const others = [nodesFolder, dirname(nodesFolder), ...homes()];
    if (this.#shared && machineFolder !== undefined) {
      // The same for all agents: what is hidden from one is below what is hidden from all.
      return this.#shared.base({ ...trusted, hidden: [dirname(machineFolder), ...others] });
    }
    const base = join(agentFolder, "sandboxes", "base");
    await makeRootBase(base, { ...trusted, hidden: [agentFolder, dirname(agentFolder), ...others] });
    return base;
  }

  /** What another agent has had here is not tried again. */
  async #try(kind: readonly string[], have: () => Promise<void>): Promise<void> {
    const { command } = await this.#options.initProgram;
    const all = [...kind, ...command];
    if (await this.#shared?.isTried(all)) return;
    await have();
    await this.#shared?.tried(all);
  }

  async #trySandbox(): Promise<string | undefined> {
    const root = join(this.#options.agentFolder, "sandboxes", "probe");
    try {
      const { root: shared } = await this.#rootChoice();
      await this.#try(["sandbox", shared?.base ?? ""], async () => {
        const init = await this.startSandbox({ key: "probe", hostname: "probe", nodeRoot: root });
        const listener = await init.listen(METADATA_ADDRESS);
        listener.close();
        await init.close();
      });
      return undefined;
    } catch (error) {
      // A full disk says nothing about namespaces: such an error passes, and must not turn nodes into others.
      if (!(error instanceof Error) || "code" in error) throw error;
      return error.message;
    } finally {
      await removeSandbox(root);
    }
  }
}

async function removeSandbox(nodeRoot: string): Promise<void> {
  await new LoginFolder(nodeRoot).remove();
  await new RootFolder(nodeRoot).remove();
  await removeTree(nodeRoot);
}

function trustFiles(reach: ServiceReach | undefined): NodePath[] {
  return reach ? [reach.caFile, reach.bundleFile].map(readOnly) : [];
}

function readOnly(path: string): NodePath {
  return { path, isWritable: false };
}

/** Not every user has one: containers run as numbers. */
function homes(): string[] {
  try {
    return [homedir()];
  } catch {
    return [];
  }
}
