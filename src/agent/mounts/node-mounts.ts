/**
 * The file systems of other machines that a pool mounts on one node. They are mounted in the agent's own mount namespace, on folders that no task
 * sees, and shown in the node's sandbox when that is made; the agent itself never looks into one, for who serves it may never answer. They go
 * with the agent, however that ends.
 */
import { chmodSync, chownSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { MountSpec, NodeSpec } from "../../wire/agent/messages.ts";
import { removeTree } from "../files/remove-tree.ts";
import type { IdentityTokens } from "../imds/identity-tokens.ts";
import { NodeFault } from "../node-fault.ts";
import type { NodeHost } from "../node-host.ts";
import { isMachinesRoot, sandboxIds, TASK_ID } from "../sandbox/sandbox-ids.ts";
import { BlobMount, blobMountObstacle } from "./blob-mount.ts";
import { MountLog, mountLogName } from "./mount-log.ts";
import { unmount } from "./mount-program.ts";
import { MountRelay } from "./mount-relay.ts";
import { mountShare } from "./share-mount.ts";

/** A node's error. The page "Mount a virtual file system on a Batch pool" shows it as "Mount Configuration Error". */
export const MOUNT_CONFIGURATION_ERROR = "MountConfigurationError";
const MESSAGE = "An error was encountered while configuring specified mount(s)";

/** How long tasks may hold the node up that wait for a file system, before that is taken away. Milliseconds. */
const PATIENCE_MS = 3_000;

interface OpenMount {
  readonly mount: MountSpec;
  readonly program: BlobMount | { readonly close: () => Promise<void> };
  readonly log: MountLog;
}

/** Why nodes of this agent's can have none; undefined when they can, as far as is known before one is tried. */
export function mountsObstacle(): string | undefined {
  return isMachinesRoot() ? blobMountObstacle() : "only a service of root's mounts file systems on its nodes";
}

export class NodeMounts {
  /** Folders of this machine, by where the node is to see them. */
  readonly shown = new Map<string, string>();
  readonly #open: OpenMount[] = [];
  /** Folders of the agent's. */
  readonly #stage: string;
  /** On the node's disk, beside its folder. */
  readonly #caches: string;
  #relay: MountRelay | undefined;

  private constructor(stage: string, root: string) {
    this.#stage = stage;
    this.#caches = `${root}.mounts`;
  }

  /**
   * Before the node's sandbox is there: nobody looks on.
   * @param root the node's folder, made already
   * @throws NodeFault `MountConfigurationError`; the signal's reason
   */
  static async open(
    spec: NodeSpec,
    isolation: "namespace" | "process",
    root: string,
    host: NodeHost,
    tokens: IdentityTokens,
    signal: AbortSignal,
  ): Promise<NodeMounts> {
    const mounts = new NodeMounts(join(host.mountsFolder, spec.nodeKey), root);
    const [first] = spec.mounts ?? [];
    if (!spec.mounts || !first) return mounts;
    const obstacle =
      isolation === "process"
        ? "nodes have no namespaces of their own"
        : isMachinesRoot()
          ? host.reach?.host && "nodes on other machines than the service's mount nothing yet"
          : mountsObstacle();
    if (obstacle) throw mountFault(first, `Nothing can be mounted on this machine's nodes: ${obstacle}.`);
    try {
      await mounts.#openAll(spec, root, host, tokens, signal);
      return mounts;
    } catch (error) {
      await mounts.close();
      throw error;
    }
  }

  async #openAll(
    spec: NodeSpec,
    root: string,
    host: NodeHost,
    tokens: IdentityTokens,
    signal: AbortSignal,
  ): Promise<void> {
    const { first = 0 } = sandboxIds(root, spec.userAccounts);
    const folder = join(root, "fsmounts");
    // Of an earlier time: what tasks have left there is not written to.
    await removeTree(folder);
    await removeTree(this.#caches);
    mkdirSync(folder);
    chownSync(folder, first, first);
    mkdirSync(this.#caches, { mode: 0o700 });
    this.#relay = await MountRelay.listen({
      reach: () => host.reach,
      tokens,
      isOffline: spec.isOffline ?? false,
    });
    const owner = first + TASK_ID;
    for (const [at, mount] of (spec.mounts ?? []).entries()) {
      const { kind, path, key, sas } = mount;
      makePath(folder, path, first);
      const log = new MountLog(
        join(folder, mountLogName(mount)),
        first,
        [key, sas].filter((secret) => secret !== undefined),
      );
      const target = join(this.#stage, String(at));
      try {
        await unmount(target); // of an agent that had no mount namespace of its own
        const program =
          kind === "blobfuse"
            ? await BlobMount.open(
                {
                  mount,
                  target,
                  cache: join(this.#caches, String(at)),
                  owner,
                  proxy: this.#relay.admit(mount),
                  bundleFile: host.reach?.bundleFile,
                  log,
                },
                signal,
              )
            : await this.#mountShare(spec, mount, target, owner, log, signal);
        this.#open.push({ mount, program, log });
      } catch (error) {
        log.close();
        if (signal.aborted) throw error;
        throw mountFault(mount, (error as Error).message);
      }
      this.shown.set(join(folder, path), target);
    }
  }

  #mountShare(
    { isOffline }: NodeSpec,
    mount: MountSpec,
    target: string,
    owner: number,
    log: MountLog,
    signal: AbortSignal,
  ) {
    if (isOffline)
      throw new Error("the node reaches nothing but the service: its pool has no public addresses");
    return mountShare(mount, target, owner, log, signal);
  }

  /** The programs that serve them. */
  get pids(): number[] {
    return this.#open.flatMap(({ program }) => (program instanceof BlobMount ? [program.pid] : []));
  }

  /** Hears of one that serves no more, once at most. */
  watch(onLost: (fault: NodeFault) => void): void {
    const lost = this.#open.flatMap(({ mount, program }) =>
      program instanceof BlobMount ? [program.lost.then((said) => mountFault(mount, said))] : [],
    );
    if (lost.length > 0) void Promise.race(lost).then(onLost);
  }

  /** @param dead resolves when everything on the node is; what waits for a file system then dies without it */
  async closeAfter(dead: Promise<void>): Promise<void> {
    const timer = setTimeout(() => {
      for (const { program } of this.#open) if (program instanceof BlobMount) program.kill();
    }, PATIENCE_MS);
    await dead.finally(() => clearTimeout(timer));
    await this.close();
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.map(({ program }) => program.close()));
    for (const { log } of this.#open.splice(0)) log.close();
    this.#relay?.close();
    await removeTree(this.#stage);
  }

  /** What is left beside the node's folder. */
  remove(): Promise<void> {
    return removeTree(this.#caches);
  }
}

function mountFault({ path }: MountSpec, message: string): NodeFault {
  return new NodeFault(MOUNT_CONFIGURATION_ERROR, MESSAGE, [
    { name: "Message", value: message },
    { name: "MountConfigurationPath", value: path },
  ]);
}

/** The folders that lead to a mount, and its own. */
function makePath(folder: string, path: string, owner: number): void {
  let made = folder;
  for (const name of path.split("/")) {
    made = join(made, name);
    mkdirSync(made, { recursive: true });
    chmodSync(made, 0o755);
    chownSync(made, owner, owner);
  }
}
