/**
 * One node of a pool on this machine: its folder, its init and what runs on it. It knows nothing of the service.
 */
import { mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { NODE_FOLDERS, trustEnvironment } from "../core/lifecycle/task-environment.ts";
import {
  type NodeLogsAsk,
  type NodeSpec,
  type NodeUserSpec,
  type OpenEndpoint,
  SSH_ENDPOINT,
} from "../wire/agent/messages.ts";
import { relayAddress } from "../wire/agent/relay-address.ts";
import type { DiskFull, NodeDisk } from "./disk/node-disk.ts";
import { type LoopbackHost, loopbackHosts } from "./endpoints/loopback-servers.ts";
import { insideOf, NodeEndpoints } from "./endpoints/node-endpoints.ts";
import { removeTree } from "./files/remove-tree.ts";
import { NodeContainers } from "./images/node-containers.ts";
import { IdentityTokens } from "./imds/identity-tokens.ts";
import { checkUsersTold, NodeMetadata } from "./imds/node-metadata.ts";
import type { NodeJournal } from "./journal/node-journal.ts";
import { sendJournal } from "./journal/send-journal.ts";
import { LoginFolder } from "./login/login-folder.ts";
import { type LoginAddress, NodeLogins } from "./login/node-logins.ts";
import { LoginObstacle, NO_IDS, NO_PLACE } from "./login/ssh-server.ts";
import { NodeMounts } from "./mounts/node-mounts.ts";
import { NodeCertificates } from "./node-certificates.ts";
import { NodeFault } from "./node-fault.ts";
import type { NodeHost } from "./node-host.ts";
import type { NodeInit } from "./node-init.ts";
import { nodeIPv6Address, nodeNetwork } from "./node-network.ts";
import { NodeUsers } from "./node-users.ts";
import { NodePackages } from "./packages/node-packages.ts";
import type { NodeRun } from "./runs/node-run.ts";
import { NodeRuns } from "./runs/node-runs.ts";
import { OutboundNetwork } from "./sandbox/outbound-network.ts";
import { RootFolder } from "./sandbox/root-folder.ts";
import { makeSandboxFolder, removeOthers, sandboxIds, taskOwner } from "./sandbox/sandbox-ids.ts";
import { ServiceRelay } from "./sandbox/service-relay.ts";
import { InsideNetwork } from "./transfer/inside-network.ts";
import type { TransferNetwork } from "./transfer/outbound-request.ts";

interface NodeParts {
  readonly disk: NodeDisk;
  readonly init: NodeInit;
  readonly certificates: NodeCertificates;
  readonly containers: NodeContainers;
  readonly mounts: NodeMounts;
  readonly tokens: IdentityTokens;
}

export class HostedNode {
  readonly spec: NodeSpec;
  /** Absolute, without symbolic links. */
  readonly root: string;
  readonly isolation: "namespace" | "process";
  readonly #network = nodeNetwork();
  readonly #host: NodeHost;
  readonly #init: NodeInit;
  readonly #relay: ServiceRelay;
  readonly #certificates: NodeCertificates;
  readonly #containers: NodeContainers;
  readonly #mounts: NodeMounts;
  readonly #packages: NodePackages;
  readonly #tokens: IdentityTokens;
  readonly #metadata: NodeMetadata;
  /** For tasks' files. */
  readonly #transferNetwork: TransferNetwork;
  /** Aborted when the node goes. */
  readonly #goes = new AbortController();
  readonly #runs: NodeRuns;
  readonly #disk: NodeDisk;
  #outbound: OutboundNetwork | undefined;
  #outboundObstacle: string | undefined;
  #logins: NodeLogins | undefined;
  readonly #endpoints: NodeEndpoints;
  readonly #hosts: readonly LoopbackHost[];
  #open: readonly OpenEndpoint[] = [];

  /**
   * Makes the node's folder and starts its init.
   * @throws NodeFault `IsolationUnavailable` for a node that insists on what is not there, and for one whose identities
   * others could use
   */
  static async start(spec: NodeSpec, host: NodeHost, goes: AbortSignal): Promise<HostedNode> {
    const isolation = await host.isolationFor(spec);
    const disk = await host.openDisk(spec.nodeKey, isolation);
    try {
      return await HostedNode.#start(spec, isolation, disk, host, goes);
    } catch (error) {
      await disk.close();
      throw error;
    }
  }

  static async #start(
    spec: NodeSpec,
    isolation: "namespace" | "process",
    disk: NodeDisk,
    host: NodeHost,
    goes: AbortSignal,
  ): Promise<HostedNode> {
    const folder = disk.root;
    checkUsersTold(spec, isolation);
    const tokens = new IdentityTokens((ask, held) => host.identities.ask(spec.nodeKey, ask, held));
    const containers = await NodeContainers.open(spec, isolation, folder, host, tokens, goes);
    if (isolation === "process") {
      if (spec.identities === "isolated") throw unisolated();
      await removeOthers(folder, process.geteuid?.());
      for (const name of NODE_FOLDERS) mkdirSync(join(folder, name), { recursive: true });
      const root = realpathSync(folder);
      const certificates = new NodeCertificates(root, spec.certificates ?? []);
      const mounts = await NodeMounts.open(spec, isolation, root, host, tokens, goes);
      const init = await host.startBeside(root);
      const parts = { disk, init, certificates, containers, mounts, tokens };
      const node = new HostedNode(spec, isolation, root, host, parts);
      if (spec.identities) node.#runs.tell(await node.#metadata.serveBeside());
      await node.#openEndpoints();
      return node;
    }
    await makeSandboxFolder(folder);
    const mounts = await NodeMounts.open(spec, isolation, folder, host, tokens, goes);
    const certificates = new NodeCertificates(
      folder,
      spec.certificates ?? [],
      taskOwner(folder),
      spec.userAccounts !== undefined,
    );
    const sandbox = {
      key: spec.nodeKey,
      hostname: spec.nodeId,
      nodeRoot: folder,
      certificates: certificates.folders,
      limits: spec.limits,
      userAccounts: spec.userAccounts,
      images: await containers.shown(),
      mounts: mounts.shown,
      servants: mounts.pids,
    };
    const init = await host.startSandbox(sandbox).catch(async (error: Error) => {
      certificates.remove();
      await mounts.close();
      if ("code" in error) throw error; // a full disk, say: nothing about namespaces
      throw new NodeFault("IsolationUnavailable", `No namespace node can be had here: ${error.message}`);
    });
    const parts = { disk, init, certificates, containers, mounts, tokens };
    const node = new HostedNode(spec, isolation, folder, host, parts);
    try {
      await Promise.all([
        node.followService(),
        node.#metadata.serveInside(),
        node.#goOnline(),
        node.#openEndpoints(),
      ]);
      return node;
    } catch (error) {
      await node.kill();
      throw error;
    }
  }

  private constructor(
    spec: NodeSpec,
    isolation: "namespace" | "process",
    root: string,
    host: NodeHost,
    { disk, init, certificates, containers, mounts, tokens }: NodeParts,
  ) {
    this.#containers = containers;
    this.#mounts = mounts;
    this.spec = spec;
    this.isolation = isolation;
    this.root = root;
    this.#disk = disk;
    this.#host = host;
    this.#init = init;
    this.#relay = new ServiceRelay((address) => init.listen(address), relayAddress(spec.nodeKey));
    this.#certificates = certificates;
    this.#tokens = tokens;
    const obstacle = () => (spec.isOffline ? "its pool has no public addresses" : this.#outboundObstacle);
    // A node that is only a process has the agent's network.
    const isSandbox = isolation === "namespace";
    const inside = isSandbox ? new InsideNetwork((address) => init.connect(address), obstacle) : undefined;
    this.#transferNetwork = host.transferNetwork(this.#tokens, inside);
    this.#hosts = loopbackHosts(spec.isDualStack === true);
    this.#endpoints = new NodeEndpoints(isSandbox ? insideOf(init) : undefined, this.#hosts);
    const ids = isSandbox ? sandboxIds(root, spec.userAccounts) : undefined;
    const users = new NodeUsers(spec.userAccounts, ids, host.userName);
    this.#metadata = new NodeMetadata({ spec, host, tokens, network: this.#network, init, users });
    this.#packages = new NodePackages({
      root,
      stage: `${root}.packages`,
      owner: users.owner,
      // They come from the service's own storage, whatever network the node has.
      network: () => host.transferNetwork(this.#tokens, undefined),
    });
    this.#runs = new NodeRuns({
      spec,
      root,
      isolation,
      host,
      init,
      certificates,
      containers,
      users,
      packages: this.#packages,
      transferNetwork: this.#transferNetwork,
      goes: this.#goes.signal,
    });
  }

  get ipAddress(): string {
    return this.#network.address;
  }

  /** Of a node that is reached by IPv6. */
  get ipv6Address(): string | undefined {
    return this.spec.isDualStack ? nodeIPv6Address() : undefined;
  }

  /** Where the node is reached from outside. */
  get endpoints(): readonly OpenEndpoint[] {
    return this.#open;
  }

  /** Nobody would know of ports on another machine than the service's. */
  async #openEndpoints(): Promise<void> {
    if (this.#host.reach?.host !== undefined) return;
    const [forwarded, login] = await Promise.all([
      this.#endpoints.open(this.spec.endpoints ?? []),
      this.#openLogin().catch(() => undefined),
    ]);
    this.#open = login === undefined ? forwarded : [...forwarded, { name: SSH_ENDPOINT, port: login }];
  }

  /** @throws LoginObstacle */
  async #openLogin(): Promise<number> {
    return this.#login(() => {}).open();
  }

  /** What tokens depend on has changed. */
  recheckTokens(): void {
    this.#tokens.recheck();
  }

  /** The service may have started anew, with other ports. */
  async followService(): Promise<void> {
    if (this.isolation === "namespace" && this.#host.reach) await this.#relay.follow(this.#host.reach);
  }

  /** A node that the machine cannot give a way out is a node all the same: the service is reached without. */
  async #goOnline(): Promise<void> {
    if (this.spec.isOffline) return;
    try {
      this.#outbound = await OutboundNetwork.start(this.#init.pid);
    } catch (error) {
      this.#outboundObstacle = (error as Error).message;
    }
  }

  /** Why tasks here reach the service only; undefined where they reach more, or were not to. */
  get outboundObstacle(): string | undefined {
    return this.#outboundObstacle;
  }

  get containment(): "pidNamespace" | "session" {
    return this.#init.containment;
  }

  /** Resolves when the node's init is no more, and with it everything that ran here. */
  get gone(): Promise<void> {
    return this.#init.gone;
  }

  /** Installs the pool's packages, before anything runs. @throws PackageFault; the signal's reason */
  async installPackages(signal: AbortSignal): Promise<void> {
    await this.#packages.clear();
    await this.#packages.install(this.spec.packages ?? [], signal);
  }

  /** Hears when the node has taken all that it may of the machine's disk. @param onFull called once at most */
  watchDisk(onFull: (full: DiskFull) => void): void {
    this.#disk.watch(onFull);
  }

  /** Hears when a file system that the pool mounts serves no more. @param onLost called once at most */
  watchMounts(onLost: (fault: NodeFault) => void): void {
    this.#mounts.watch(onLost);
  }

  /** As `NodeRuns.launch`. */
  launch(run: NodeRun, cleared?: Promise<void>): void {
    this.#runs.launch(run, cleared);
  }

  /** What the agent did here. @returns how many files were sent. @throws TransferFault */
  sendJournal(journal: NodeJournal, logs: NodeLogsAsk): Promise<number> {
    return sendJournal(journal, logs, this.#transferNetwork, this.#goes.signal);
  }

  /** @param users as `NodeLogins.admit` takes them. @throws LoginObstacle */
  async admit(
    users: readonly NodeUserSpec[] | undefined,
    log: (line: string) => void,
  ): Promise<LoginAddress> {
    // Nobody has ever logged in here, and nobody is to.
    if (users?.length === 0 && !this.#logins) return { port: 0, taken: [] };
    return this.#login(log).admit(users);
  }

  /** @throws LoginObstacle */
  #login(log: (line: string) => void): NodeLogins {
    if (this.isolation === "process") throw new LoginObstacle(NO_PLACE);
    const { first, accounts } = sandboxIds(this.root, this.spec.userAccounts);
    if (first === undefined) throw new LoginObstacle(NO_IDS);
    this.#logins ??= new NodeLogins({
      init: this.#init,
      folder: new LoginFolder(this.root),
      hosts: this.#hosts,
      firstId: first,
      accounts,
      environment: () => trustEnvironment(this.#host.reach),
      log: (line) => log(`node ${this.spec.nodeKey}: ${line}`),
    });
    return this.#logins;
  }

  /** Kills everything on the node and waits until it is dead. Its certificates go at once, its folder stays. */
  async kill(): Promise<void> {
    this.#goes.abort();
    this.#logins?.close();
    this.#endpoints.close();
    await this.#mounts.closeAfter(this.#init.close());
    this.#transferNetwork.node?.close();
    this.#outbound?.close();
    this.#relay.close();
    this.#metadata.close();
    this.#certificates.remove();
    await this.#runs.settled();
    await this.#containers.close();
    await this.#disk.close();
  }

  async removeFolder(): Promise<void> {
    await new LoginFolder(this.root).remove();
    await new RootFolder(this.root).remove();
    this.#containers.remove();
    await this.#mounts.remove();
    await this.#packages.clear();
    await removeTree(this.root);
    this.#disk.remove();
  }
}

function unisolated(): NodeFault {
  return new NodeFault(
    "IsolationUnavailable",
    "The pool has identities, and this node cannot keep them from other programs of this machine; allow it with --allow-unisolated-identities.",
  );
}
