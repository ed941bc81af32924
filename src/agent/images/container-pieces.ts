/** What is seen in a container, and what it is held to. Decides, and mounts nothing: native/sandbox/container.c takes the words. Pure. */
import type { RunOptions } from "../../core/containers/run-options.ts";
import { DATA_RESOURCE } from "../../core/containers/run-quantities.ts";
import type { HostMount } from "../../wire/agent/messages.ts";
import type { ContainerPiece } from "../init-frames.ts";

/** What of its node a container can be shown. */
export interface ContainerSurroundings {
  /** Absolute. */
  readonly nodeRoot: string;
  /** Absolute, by what they are called; a node's run may be without some. */
  readonly hostPaths: Readonly<Partial<Record<HostMount["source"], string>>>;
  /** Further paths of the node that all its containers see. */
  readonly paths: readonly string[];
  /** The node's memory, which bounds a file system in memory. */
  readonly memoryBytes: number;
}

/** The path of the node's root on Azure's nodes, which programs have by heart. */
export const AZURES_NODE_ROOT = "/mnt/batch/tasks";
const SHARED_MEMORY = "/dev/shm";
const HOSTNAME_FILE = "/etc/hostname";
/** As much as it would be on the node. */
const SHARED_MEMORY_SHARE = 0.5;

export function containerPieces(
  options: RunOptions,
  hostMounts: readonly HostMount[] | undefined,
  { nodeRoot, hostPaths, paths, memoryBytes }: ContainerSurroundings,
): ContainerPiece[] {
  const { hostname, sharedMemoryBytes, cpus, memoryBytes: memory, limits, mounts } = options;
  const same = (path: string): ContainerPiece => ["rw", path, path];
  const pieces: ContainerPiece[] = ["/etc/hosts", "/etc/resolv.conf", "/dev", "/sys"].map(same);
  if (hostname === undefined) pieces.push(same(HOSTNAME_FILE));
  else pieces.push(["hostname", "", hostname]);
  const shared = Math.min(sharedMemoryBytes ?? memoryBytes * SHARED_MEMORY_SHARE, memoryBytes);
  pieces.push(["tmpfs", `mode=1777,size=${Math.round(shared)}`, SHARED_MEMORY]);
  if (!hostMounts) pieces.push(same(nodeRoot));
  for (const { source, isReadOnly } of hostMounts ?? []) {
    const path = hostPaths[source];
    if (path !== undefined) pieces.push([isReadOnly ? "ro" : "rw", path, path]);
  }
  pieces.push(["link", nodeRoot, AZURES_NODE_ROOT], ...paths.map(same));
  for (const mount of mounts) {
    if (mount.kind === "bind") {
      const verb = mount.isReadOnly ? "user-ro" : "user-rw";
      pieces.push([verb, onNode(mount.source, nodeRoot), mount.target]);
    } else {
      const size = /,size=/.test(mount.options)
        ? ""
        : `,size=${Math.round(memoryBytes * SHARED_MEMORY_SHARE)}`;
      pieces.push(["tmpfs", `${mount.options}${size}`, mount.target]);
    }
  }
  if (options.hasNoNetwork) pieces.push(["network", "", "none"]);
  if (cpus !== undefined) pieces.push(["cpus", "", String(Math.ceil(cpus))]);
  if (memory !== undefined) pieces.push(["limit", String(DATA_RESOURCE), `${memory} ${memory}`]);
  for (const { resource, soft, hard } of limits) pieces.push(["limit", String(resource), `${soft} ${hard}`]);
  return pieces;
}

/** A path as Azure's nodes have it. */
export function onNode(path: string, nodeRoot: string): string {
  const isAzures = path === AZURES_NODE_ROOT || path.startsWith(`${AZURES_NODE_ROOT}/`);
  return isAzures ? nodeRoot + path.slice(AZURES_NODE_ROOT.length) : path;
}
