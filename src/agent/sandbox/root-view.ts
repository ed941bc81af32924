/**
 * The root of a node that has one of its own: overlays over the machine's programs and over what all nodes have (root-base.ts), which the
 * node's administrator writes to. Decides what is mounted, and mounts nothing: native/sandbox/view.c takes the words.
 */
import { lstatSync, readdirSync, readlinkSync } from "node:fs";
import { WORK } from "./root-folder.ts";
import { sandboxShadow } from "./sandbox-files.ts";
import { type Piece, withoutHidden } from "./view-pieces.ts";

export interface RootViewOptions {
  /** Folder of the common base. */
  readonly base: string;
  /** Of the machine's programs, where their files cannot be shown as the node's own; see `programFolders`. */
  readonly programs?: string | undefined;
  /** Folder of the node's own changes. */
  readonly own: string;
  readonly hidden: readonly string[];
  /** Files of `/etc` that the node has from its first start on, and may change. */
  readonly accounts: ReadonlyMap<string, string>;
  /** Unpacked images by the path at which they are seen. */
  readonly images: ReadonlyMap<string, string>;
}

export interface RootView {
  readonly pieces: readonly Piece[];
}

/** The same in native/sandbox/view.c. */
const CONTAINERS = "/.containers";
/** Programs and libraries. What is a link on the machine is one in the common base. */
const PROGRAMS = /^(bin|sbin|usr|lib\w*)$/;
/** Whole systems of packages that everybody may read and nobody changes in place. */
const READ_ONLY = /^(nix|gnu)$/;
/** The packages' databases, written by their installers. */
export const DATABASES = ["/var/lib/dpkg", "/var/lib/rpm"];

/** Of its copy in the common base. */
export function databaseName(path: string): string {
  return path.slice(1).replaceAll("/", "-");
}

export function rootView({ base, programs, own, hidden, accounts, images }: RootViewOptions): RootView {
  const mapped = programs === undefined ? "mapped" : "layer";
  const pieces: Piece[] = [
    [mapped, base, "/base"],
    ["own", own, "/own"],
  ];
  if (programs !== undefined) pieces.push(["layer", programs, "/programs"]);
  const overlay = (target: string, ...lower: readonly string[]) => {
    const name = target === "/" ? "root" : databaseName(target);
    const [upper, work] = [`own/${name}`, `own/${WORK}/${name}`];
    pieces.push(["folder", "", `/${upper}`], ["folder", "", `/${work}`]);
    const folders = `upperdir=${upper},workdir=${work}`;
    pieces.push(["overlay", `lowerdir=${lower.join(":")},${folders},userxattr,volatile`, target]);
  };
  const machine = (verb: "mapped" | "layer", path: string): string => {
    pieces.push([verb, path, `/machine${path}`]);
    return `machine${path}`;
  };
  const ownable = (folder: string) => (programs === undefined ? [] : [folder]);
  const isHidden = (path: string) => hidden.some((inner) => `${inner}/`.startsWith(`${path}/`));

  overlay("/", "base/root");
  for (const name of readdirSync("/").sort()) {
    const path = `/${name}`;
    if (!isFolder(path)) continue;
    if (PROGRAMS.test(name) && !isHidden(path))
      overlay(
        path,
        ...(name === "usr" ? ["base/usr"] : []),
        ...ownable(`programs/${name}`),
        machine(mapped, path),
      );
    else if (PROGRAMS.test(name) || READ_ONLY.test(name)) pieces.push(...withoutHidden(path, hidden));
  }
  if (isFolder("/usr/local") && !isHidden("/usr"))
    overlay("/usr/local", "base/local", machine("layer", "/usr/local"));
  for (const path of DATABASES)
    if (isFolder(path)) overlay(path, ...ownable(`base/${databaseName(path)}`), machine(mapped, path));
  if (isFolder("/opt")) pieces.push(...readdirSync("/opt").flatMap((name) => shown(`/opt/${name}`, hidden)));
  if (images.size > 0) pieces.push(["rw", `${own}/containers`, CONTAINERS]);
  for (const [target, source] of images)
    pieces.push([programs === undefined ? "image" : "ro", source, target]);
  for (const [path, content] of accounts) pieces.push(["once", content, path]);
  pieces.push(["private", sandboxShadow(accounts.get("/etc/passwd") ?? ""), "/etc/shadow"]);
  return { pieces };
}

/** Names of the folders at the top that hold them. */
export function machinesPrograms(): string[] {
  return readdirSync("/").filter((name) => PROGRAMS.test(name) && isFolder(`/${name}`));
}

function shown(path: string, hidden: readonly string[]): Piece[] {
  if (lstatSync(path).isSymbolicLink()) return [["link", readlinkSync(path), path]];
  return withoutHidden(path, hidden);
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
