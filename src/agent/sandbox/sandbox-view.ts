/**
 * What is to be seen inside a node's sandbox: an allow-list of this machine's folders, read-only, the node's own folder, and
 * fresh ones for everything temporary. Decides it, and mounts nothing: native/sandbox/view.c takes the words.
 */
import { lstatSync, readdirSync, readlinkSync, realpathSync, statSync } from "node:fs";
import type { NodePath } from "../../wire/agent/configuration.ts";
import type { RootView } from "./root-view.ts";
import type { SandboxFiles } from "./sandbox-files.ts";
import { type Piece, withoutHidden } from "./view-pieces.ts";

export interface ViewOptions {
  /** Absolute, without symbolic links; seen at the same path, and writable. */
  readonly nodeRoot: string;
  /** The node's `/tmp`. */
  readonly temporaryFolder: string;
  /** Files in place of the machine's. */
  readonly files: SandboxFiles;
  /** Folders of the machine that are the node's own, by the path at which they are seen. */
  readonly own: ReadonlyMap<string, string>;
  /** File systems that lie below the node's folder, by the path at which they are seen. */
  readonly mounts: ReadonlyMap<string, string>;
  /** Further files and folders of the machine. */
  readonly paths: readonly NodePath[];
  /** Never seen, whatever lies around them: the service's data, the homes. */
  readonly hidden: readonly string[];
  /** How much the node has. */
  readonly memoryBytes: number;
  /** The root of a node that has one of its own; otherwise the machine's programs are shown read-only. */
  readonly root: RootView | undefined;
}

/** The share of a node's memory that `/dev/shm` may hold: Linux's own default. */
const SHARED_MEMORY_SHARE = 0.5;
/** The share that `/run` may hold: systemd's. */
const RUN_SHARE = 0.2;

/** Programs, libraries and what they are configured by; `/lib32` and its like join them. */
const PROGRAM_FOLDERS = /^(bin|sbin|usr|etc|opt|nix|gnu|lib\w*)$/;
const DEVICES = ["null", "zero", "full", "random", "urandom", "tty"];
/** GPUs and the like stay with the machine until a pool can ask for them. */
const DEVICE_LINKS: readonly Piece[] = [
  ["link", "pts/ptmx", "/dev/ptmx"],
  ["link", "/proc/self/fd", "/dev/fd"],
  ["link", "/proc/self/fd/0", "/dev/stdin"],
  ["link", "/proc/self/fd/1", "/dev/stdout"],
  ["link", "/proc/self/fd/2", "/dev/stderr"],
];

/** The words for native/sandbox/view.c, three for each piece, in the order in which they are mounted. */
export function sandboxView(options: ViewOptions): string[] {
  const { nodeRoot, temporaryFolder, files, own, mounts, paths, hidden, memoryBytes, root } = options;
  const size = (share: number) => `size=${Math.round(memoryBytes * share)}`;
  const pieces: Piece[] = [...(root?.pieces ?? machineView(hidden))];
  pieces.push(["proc", "", "/proc"], ["sysfs", "", "/sys"], ["tmpfs", `mode=755,${size(RUN_SHARE)}`, "/run"]);
  if (root) pieces.push(["tmpfs", "mode=755,size=64k", "/dev"]);
  for (const name of DEVICES) pieces.push(["rw", `/dev/${name}`, `/dev/${name}`]);
  pieces.push(["devpts", "newinstance,ptmxmode=0666,mode=0620", "/dev/pts"]);
  pieces.push(["tmpfs", `mode=1777,${size(SHARED_MEMORY_SHARE)}`, "/dev/shm"], ...DEVICE_LINKS);
  // Before the others: a node's folder may well lie below the machine's. A link from one to the other would lead there.
  for (const target of ["/tmp", "/var/tmp"]) pieces.push(["rw", temporaryFolder, target]);
  for (const [target, source] of own) pieces.push(["rw", source, target]);
  for (const { path, isWritable } of paths) {
    pieces.push(...withoutHidden(path, hidden, isWritable ? "rw" : "ro"));
  }
  const contents = [...files.contents];
  if (!root) {
    for (const [target, source] of files.sources) pieces.push(["ro", source, resolved(target)]);
    contents.push(...files.accounts);
  }
  for (const [target, content] of contents) pieces.push(["file", content, resolved(target)]);
  pieces.push(["rw", nodeRoot, nodeRoot]);
  for (const [target, source] of mounts) pieces.push(["rw", source, target]);
  return pieces.flat();
}

function machineView(hidden: readonly string[]): Piece[] {
  const pieces = readdirSync("/")
    .sort()
    .filter((name) => PROGRAM_FOLDERS.test(name))
    .flatMap((name): Piece[] =>
      lstatSync(`/${name}`).isSymbolicLink()
        ? [["link", readlinkSync(`/${name}`), `/${name}`]]
        : withoutHidden(`/${name}`, hidden),
    );
  return [...pieces, ["link", "/run", "/var/run"]];
}

/** `/etc/resolv.conf` is often a link into `/run`: the file has to be where the link leads. */
export function resolved(target: string): string {
  try {
    return statSync(target) && realpathSync(target);
  } catch {
    return target;
  }
}
