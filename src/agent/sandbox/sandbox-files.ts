/**
 * The few files of `/etc` that differ inside a node's sandbox: who its users are, that Azure's names are here, and whom to ask for
 * others. Their contents go to the node's init, which makes them in the sandbox's own memory: nothing is written here.
 */
import { readFileSync, realpathSync, statSync } from "node:fs";
import { NODE_DNS } from "./outbound-network.ts";
import { accountGroups, accountPasswd, type SandboxAccount } from "./sandbox-accounts.ts";
import { TASK_ID } from "./sandbox-ids.ts";

/** The account under which tasks without elevation run; with elevation it is root. */
export const TASK_USER = "_azbatch";

export interface SandboxFilesOptions {
  readonly hostname: string;
  /** Names that lead to this machine's loopback. */
  readonly azureNames: readonly string[];
  /** PEM; becomes what the sandbox's programs trust. */
  readonly bundleFile: string | undefined;
  readonly accounts: readonly SandboxAccount[];
}

/** By the path at which each is seen. */
export interface SandboxFiles {
  readonly contents: ReadonlyMap<string, string>;
  /** The files of users and groups, which programs of the node's administrator change, as `useradd` does. */
  readonly accounts: ReadonlyMap<string, string>;
  /** Files of this machine. */
  readonly sources: ReadonlyMap<string, string>;
}

/** The files in which distributions keep all trusted roots. */
const TRUST_FILES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/cert.pem",
];

export function sandboxFiles({
  hostname,
  azureNames,
  bundleFile,
  accounts,
}: SandboxFilesOptions): SandboxFiles {
  const contents = new Map([
    ["/etc/hosts", hosts(hostname, azureNames)],
    ["/etc/resolv.conf", `nameserver ${NODE_DNS}\n`],
    ["/etc/hostname", `${hostname}\n`],
  ]);
  const accountFiles = new Map([
    ["/etc/passwd", `${sandboxPasswd(accounts).join("\n")}\n`],
    ["/etc/group", `${sandboxGroup(accounts).join("\n")}\n`],
  ]);
  const sources = new Map<string, string>();
  if (bundleFile !== undefined) for (const target of TRUST_FILES) sources.set(target, bundleFile);
  // The rest has nothing there that ours could be mounted on.
  for (const files of [contents, accountFiles, sources])
    for (const target of files.keys()) if (isEmpty(target)) files.delete(target);
  return { contents, accounts: accountFiles, sources };
}

/** The trust files that this machine has, as files and not as links to them. */
export function trustFilesHere(): string[] {
  return TRUST_FILES.filter((file) => !isEmpty(file)).map((file) => realpathSync(file));
}

function hosts(hostname: string, azureNames: readonly string[]): string {
  const own = ["127.0.0.1 localhost", "::1 localhost ip6-localhost ip6-loopback", `127.0.1.1 ${hostname}`];
  const azure = azureNames.map((name) => `127.0.0.1 ${name}`);
  // The first line that names a host decides.
  return [...own, ...azure, contentOf("/etc/hosts")].join("\n");
}

/** Lines of passwd(5). */
export function sandboxPasswd(accounts: readonly SandboxAccount[]): string[] {
  const own = `${TASK_USER}:x:${TASK_ID}:${TASK_ID}::/tmp:/bin/sh`;
  return instead("/etc/passwd", [own, ...accountPasswd(accounts)]);
}

/** Lines of shadow(5), for those of passwd(5): nobody has a password. */
export function sandboxShadow(passwd: string): string {
  return passwd
    .split("\n")
    .map((line) => (line.indexOf(":") < 1 ? line : `${line.slice(0, line.indexOf(":"))}:*::0:99999:7:::`))
    .join("\n");
}

/** Lines of group(5). */
export function sandboxGroup(accounts: readonly SandboxAccount[]): string[] {
  const own = `${TASK_USER}:x:${TASK_ID}:${accounts.map(({ name }) => name).join(",")}`;
  return instead("/etc/group", [own, ...accountGroups(accounts)]);
}

/** The machine's accounts, but for whoever has the name or the number of one of ours. */
function instead(file: string, ours: readonly string[]): string[] {
  const fields = ours.map((line) => line.split(":"));
  const names = new Set(fields.map(([name]) => name));
  const ids = new Set(fields.map(([, , id]) => id));
  const others = contentOf(file)
    .split("\n")
    .filter((line) => {
      const [name, , id] = line.split(":");
      return line !== "" && !names.has(name) && !ids.has(id);
    });
  return [...others, ...ours];
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function isEmpty(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0;
}
