/**
 * The folders of the machine's programs, empty, as the nodes' own. An overlay takes what a folder is like from its topmost layer: with these
 * above the machine's, a node's administrator makes files there, and takes away those that there are. That is for machines on which mounts
 * cannot show files with other owners (root-view.ts).
 *
 * They are some ten thousand, and kept for all services of a user. What is there is completed, and never taken away: nodes stand on it.
 */
import { createHash } from "node:crypto";
import {
  type Dirent,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";

/** Between two looks at what else there is to do. */
const SLICE_FOLDERS = 64;
/** They change with whatever a distribution installs. */
const PACKAGES = ["/var/lib/dpkg/status", "/var/lib/rpm", "/usr"];
/** Of what its owner has elsewhere. */
const APART = ["/usr/local"];

/**
 * @param names of folders at the top that hold programs
 * @param owner id of the nodes' administrators
 * @param otherwise where they lie if the user has no place for what is kept
 * @returns where they lie
 */
export async function programFolders(
  names: readonly string[],
  owner: number,
  otherwise: string,
): Promise<string> {
  const maps = ["uid_map", "gid_map"].map((map) => readFileSync(`/proc/self/${map}`, "utf8"));
  const folder = join(keptAt() ?? otherwise, `programs-${hash([...maps, String(owner)])}`);
  const state = hash([
    ...names,
    ...PACKAGES.map((path) => String(statSync(path, { throwIfNoEntry: false })?.mtimeMs)),
  ]);
  const told = `${folder}.state`;
  if (contentOf(told) === state) return folder;
  makeOwn(folder, 0o755, owner);
  for (const name of names) await complete(`/${name}`, join(folder, name), owner);
  writeFileSync(told, state);
  return folder;
}

async function complete(from: string, to: string, owner: number): Promise<void> {
  const waiting: [from: string, to: string][] = [[from, to]];
  for (let seen = 0, next = waiting.pop(); next; next = waiting.pop(), seen++) {
    const [source, target] = next;
    const { mode } = statSync(source);
    // What not everybody may look into is shown as it is.
    if ((mode & 0o5) !== 0o5) continue;
    makeOwn(target, mode & 0o755, owner);
    for (const { name } of foldersIn(source)) {
      const inner = `${source}/${name}`;
      if (!APART.includes(inner)) waiting.push([inner, `${target}/${name}`]);
    }
    if (seen % SLICE_FOLDERS === 0) await setImmediate();
  }
}

function makeOwn(path: string, mode: number, owner: number): void {
  mkdirSync(path, { recursive: true, mode });
  lchownSync(path, owner, owner);
}

function foldersIn(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  } catch {
    return [];
  }
}

/** XDG Base Directory Specification. */
function keptAt(): string | undefined {
  try {
    const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "batchyard");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  } catch {
    return undefined;
  }
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function hash(texts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(texts)).digest("hex").slice(0, 16);
}
