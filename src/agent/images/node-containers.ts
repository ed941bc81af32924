/** The containers of one node: whether there can be some, which images they are made from, and what one is like. */
import { limitsWithin, memoryOfAllNodes } from "../../core/lifecycle/node-limits.ts";
import { taskFolder } from "../../core/lifecycle/task-environment.ts";
import type { ContainerSpec, NodeSpec, RunSpec } from "../../wire/agent/messages.ts";
import type { IdentityTokens } from "../imds/identity-tokens.ts";
import { NodeFault } from "../node-fault.ts";
import type { NodeHost } from "../node-host.ts";
import type { RunUser } from "../node-users.ts";
import { machineSize } from "../sandbox/node-cgroups.ts";
import { type ContainerStart, containerStart } from "./container-start.ts";
import { imagePath, LENT_FOLDER, NodeImages } from "./node-images.ts";

/** What a run is like on the node itself. */
export interface RunOnNode {
  /** Of its command line; none for the image's own. */
  readonly words: readonly string[];
  readonly environment: ReadonlyMap<string, string>;
  readonly user: RunUser;
  /** The run's own folder. */
  readonly folder: string;
  readonly certificates: readonly string[];
}

export class NodeContainers {
  readonly #spec: NodeSpec;
  readonly #root: string;
  readonly #host: NodeHost;
  readonly #images: NodeImages;

  /**
   * Waits for the images that the pool names.
   * @param root the node's folder
   * @throws NodeFault `ContainerPoolNotSupported` where there can be no containers; as `NodeImages.open`
   */
  static async open(
    spec: NodeSpec,
    isolation: "namespace" | "process",
    root: string,
    host: NodeHost,
    tokens: IdentityTokens,
    signal: AbortSignal,
  ): Promise<NodeContainers> {
    const { poolId, accountName, isOffline = false, instance, containerImages } = spec;
    if (containerImages) await checkContainers(isolation, host);
    const tenantId = instance?.tenantId;
    const account = accountName;
    const puller = { tokens, tenantId, isOffline, account, poolId: `${account}/${poolId}` };
    const images = await NodeImages.open(spec, host.images, host.pulls, puller, signal);
    return new NodeContainers(spec, root, host, images);
  }

  private constructor(spec: NodeSpec, root: string, host: NodeHost, images: NodeImages) {
    this.#spec = spec;
    this.#root = root;
    this.#host = host;
    this.#images = images;
  }

  /** Folders of this machine, by where the node is to see them; undefined for a node without containers. */
  async shown(): Promise<Map<string, string> | undefined> {
    if (!this.#spec.containerImages) return undefined;
    const { images: store } = this.#host;
    const lent = await store.makeLent(this.#spec.nodeKey);
    return new Map([
      ...this.#images.all.map((image) => [imagePath(image), store.rootOf(image)] as const),
      [LENT_FOLDER, lent],
    ]);
  }

  /** @throws NodeFault, the signal's reason */
  async start(
    { environment, preparationId, place }: RunSpec,
    container: ContainerSpec,
    signal: AbortSignal,
    on: RunOnNode,
  ): Promise<ContainerStart> {
    const { image, path } = await this.#images.named(container, signal);
    const limits = this.#spec.limits && limitsWithin(this.#spec.limits, machineSize());
    const { caFile, bundleFile } = this.#host.reach ?? {};
    const at = (name: string) => `${this.#root}/${name}`;
    const hasPreparation = preparationId !== undefined && place.kind === "task";
    return containerStart(container, environment, image, on.words, on.environment, {
      nodeRoot: this.#root,
      hostPaths: {
        shared: at("shared"),
        startup: at("startup"),
        vfsMounts: at("fsmounts"),
        applications: at("applications"),
        task: on.folder,
        ...(hasPreparation && { jobPrep: at(taskFolder({ ...place, taskId: preparationId })) }),
      },
      paths: [...on.certificates, caFile, bundleFile].filter((shown) => shown !== undefined),
      memoryBytes: limits?.memoryBytes ?? memoryOfAllNodes(machineSize()),
      imagePath: path,
      imageRoot: this.#host.images.rootOf(image),
      user: on.user,
    });
  }

  /** Gives back what the node has been lent, when nothing runs on it any more. Its images stay for when it comes back. */
  async close(): Promise<void> {
    if (this.#spec.containerImages) await this.#host.images.removeLent(this.#spec.nodeKey);
  }

  /** Takes back what was said about its images. */
  remove(): void {
    this.#host.images.release(this.#spec.nodeKey);
  }
}

async function checkContainers(isolation: "namespace" | "process", host: NodeHost): Promise<void> {
  const obstacle =
    isolation === "process" ? "nodes have no namespaces of their own" : await host.rootObstacle();
  if (obstacle === undefined) return;
  const reason = `There can be no containers on this machine's nodes: ${obstacle}.`;
  throw new NodeFault("ContainerPoolNotSupported", reason);
}
