/**
 * What all nodes of an agent have below their own roots, beside the machine's programs: the machine's configuration as everybody may
 * read it, empty folders as a machine has them, and the few files that make administrators of nodes feel at home. Made once, and never
 * changed while nodes may see it. Owned by root, whom each node takes for its own.
 */
import { execFile } from "node:child_process";
import { constants, type Stats } from "node:fs";
import { chmod, copyFile, lstat, mkdir, readdir, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { OWN_FILES_PROGRAM, POLICY_PROGRAM, SUDO_PROGRAM } from "./root-programs.ts";
import { DATABASES, databaseName } from "./root-view.ts";
import type { NodeRanges } from "./sandbox-ids.ts";
import { shiftOwners } from "./shift-owners.ts";

export interface RootBaseOptions {
  /** PEM file of the service's own authority. */
  readonly caFile?: string | undefined;
  /** PEM file of all that nodes trust, and the files of the machine which it stands for. */
  readonly bundleFile?: string | undefined;
  readonly trustFiles: readonly string[];
  /** Never copied. */
  readonly hidden: readonly string[];
  /** Whose it becomes where mounts cannot show it with other owners. */
  readonly owners?: NodeRanges | undefined;
}

/** Links and folders at the top, as the machine has them. */
const TOP = /^(bin|sbin|usr|etc|opt|nix|gnu|lib\w*)$/;
const FOLDERS = [
  "dev home media mnt opt proc run srv sys tmp usr",
  "var/backups var/cache/apt/archives/partial var/lib/apt/lists/partial var/lib/misc var/local var/log/apt var/mail var/opt",
  "var/spool var/tmp",
].flatMap((line) => line.split(" "));
/** What packages remember about themselves beside their database. */
const REGISTRIES = [
  "/var/cache/debconf",
  "/var/lib/apt/extended_states",
  "/var/lib/pam",
  "/var/lib/python",
  "/var/lib/shells.state",
  "/var/lib/ucf",
];
/** Each node has its own. */
const ACCOUNTS = ["/etc/passwd", "/etc/group", "/etc/shadow"];
/** Below these levels of `/usr/local`, folders are the machine's to write into. */
const LOCAL_DEPTH = 4;

/** @param folder made anew */
export async function makeRootBase(folder: string, options: RootBaseOptions): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await Promise.all([makeRoot(folder, options), makePrograms(folder, options)]);
  if (!options.owners) return;
  await makeOwnable(folder);
  await shiftOwners(folder, options.owners);
}

/** What installers change in place, as files that they can. */
async function makeOwnable(folder: string): Promise<void> {
  for (const database of DATABASES) {
    const copy = join(folder, databaseName(database));
    await copyReadable(database, copy, { hidden: [], withFiles: false });
    for (const inner of ["", "triggers"]) await copyPlainFiles(join(database, inner), join(copy, inner));
  }
  await writeProgram(join(folder, "usr/sbin/own-files"), OWN_FILES_PROGRAM);
  const configuration = join(folder, "root/etc/dpkg/dpkg.cfg.d");
  await mkdir(configuration, { recursive: true });
  await writeFile(join(configuration, "own-files"), "pre-invoke=/usr/sbin/own-files\n");
}

/** One that nobody may read, such as a lock, is empty. */
async function copyPlainFiles(from: string, to: string): Promise<void> {
  const entries = await readdir(from, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const copy = join(to, entry.name);
    await copyFile(join(from, entry.name), copy, constants.COPYFILE_FICLONE).catch(() => writeFile(copy, ""));
    await chmod(copy, 0o644);
  }
}

async function makeRoot(folder: string, options: RootBaseOptions): Promise<void> {
  const { hidden, trustFiles, bundleFile } = options;
  const root = join(folder, "root");
  for (const name of FOLDERS) await mkdir(join(root, name), { recursive: true });
  await mkdir(join(root, "root"), { mode: 0o700 });
  for (const name of await readdir("/")) {
    if (!TOP.test(name)) continue;
    if ((await lstat(`/${name}`)).isSymbolicLink())
      await symlink(await readlink(`/${name}`), join(root, name));
    else await mkdir(join(root, name), { recursive: true });
  }
  await symlink("/run", join(root, "var/run"));
  await symlink("/run/lock", join(root, "var/lock"));
  for (const path of ["/etc", ...REGISTRIES]) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await copyReadable(path, join(root, path), { hidden: [...hidden, ...ACCOUNTS], withFiles: true });
  }
  if (bundleFile === undefined) return;
  for (const file of trustFiles) if (file.startsWith("/etc/")) await copyFile(bundleFile, join(root, file));
}

async function makePrograms(folder: string, { hidden, caFile }: RootBaseOptions): Promise<void> {
  await mkdir(join(folder, "usr/sbin"), { recursive: true });
  // Of `/usr/local` everything comes from elsewhere, secrets of the machine excepted: it is not to shine through from below.
  await promisify(execFile)("mknod", [join(folder, "usr/local"), "c", "0", "0"]);
  await writeProgram(join(folder, "usr/sbin/policy-rc.d"), POLICY_PROGRAM);
  const local = join(folder, "local");
  await mkdir(local);
  await copyReadable("/usr/local", local, { hidden, withFiles: false, depth: LOCAL_DEPTH });
  await mkdir(join(local, "bin"), { recursive: true });
  await writeProgram(join(local, "bin/sudo"), SUDO_PROGRAM);
  if (caFile === undefined) return;
  // From where the machine's trust is put together anew, whenever a package is installed that has to do with it.
  await mkdir(join(local, "share/ca-certificates"), { recursive: true });
  await copyFile(caFile, join(local, "share/ca-certificates/batchyard.crt"));
}

async function writeProgram(path: string, content: string): Promise<void> {
  await writeFile(path, content);
  await chmod(path, 0o755);
}

interface Copying {
  readonly hidden: readonly string[];
  /** Or folders and links alone. */
  readonly withFiles: boolean;
  readonly depth?: number;
}

/** Only what everybody may read, whoever owns it. What is not there is not copied. */
async function copyReadable(from: string, to: string, copying: Copying): Promise<void> {
  const { hidden, withFiles, depth = Number.POSITIVE_INFINITY } = copying;
  if (hidden.includes(from) || depth === 0) return;
  const stats = await lstat(from).catch(() => undefined);
  if (!stats) return;
  if (stats.isSymbolicLink()) {
    if (withFiles) await symlink(await readlink(from), to);
  } else if (stats.isFile()) {
    if (!withFiles || !mayAll(stats, 0o4)) return;
    await copyFile(from, to, constants.COPYFILE_FICLONE);
    await chmod(to, stats.mode & 0o777);
  } else if (stats.isDirectory() && mayAll(stats, 0o5)) {
    await mkdir(to, { recursive: true });
    await chmod(to, stats.mode & 0o755);
    for (const name of await readdir(from))
      await copyReadable(join(from, name), join(to, name), { ...copying, depth: depth - 1 });
  }
}

function mayAll({ mode }: Stats, bits: number): boolean {
  return (mode & bits) === bits;
}
