/**
 * The few files of `/etc` that differ inside a node's place, written beside its folder where no task can reach: who its users
 * are, that
 * Azure's names are here, and whom to ask for others.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NODE_DNS } from "./outbound-network.ts";
import { TASK_ID } from "./place-ids.ts";

/** The account under which tasks without elevation run; with elevation it is root. */
export const TASK_USER = "_azbatch";

export interface PlaceFilesOptions {
  readonly folder: string;
  readonly hostname: string;
  /** Names that lead to this machine's loopback. */
  readonly azureNames: readonly string[];
  /** PEM; becomes what the place's programs trust. */
  readonly bundleFile: string | undefined;
}

export interface PlaceFiles {
  /** Empty: the new root is put together on it. */
  readonly stage: string;
  readonly files: ReadonlyMap<string, string>;
}

/** Where distributions keep all roots in one file. */
const TRUST_FILES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/cert.pem",
];

export function writePlaceFiles({ folder, hostname, azureNames, bundleFile }: PlaceFilesOptions): PlaceFiles {
  const stage = join(folder, "root");
  mkdirSync(stage, { recursive: true });
  const files = new Map<string, string>();
  const write = (target: string, content: string) => {
    if (contentOf(target) === "") return; // nothing that ours could be mounted on
    const file = join(folder, target.replaceAll("/", "-").slice(1));
    // A node that starts again on a full disk finds them as they were.
    if (contentOf(file) !== content) writeFileSync(file, content, { mode: 0o644 });
    files.set(target, file);
  };
  write("/etc/hosts", hosts(hostname, azureNames));
  write("/etc/resolv.conf", `nameserver ${NODE_DNS}\n`);
  write("/etc/hostname", `${hostname}\n`);
  write("/etc/passwd", accounts("/etc/passwd", `${TASK_USER}:x:${TASK_ID}:${TASK_ID}::/tmp:/bin/sh`));
  write("/etc/group", accounts("/etc/group", `${TASK_USER}:x:${TASK_ID}:`));
  if (bundleFile !== undefined) {
    for (const target of TRUST_FILES) if (contentOf(target) !== "") files.set(target, bundleFile);
  }
  return { stage, files };
}

export function removePlaceFiles(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

function hosts(hostname: string, azureNames: readonly string[]): string {
  const own = ["127.0.0.1 localhost", "::1 localhost ip6-localhost ip6-loopback", `127.0.1.1 ${hostname}`];
  const azure = azureNames.map((name) => `127.0.0.1 ${name}`);
  // The first line that names a host decides.
  return [...own, ...azure, contentOf("/etc/hosts")].join("\n");
}

/** The machine's accounts, but for whoever has the name or the number of ours. */
function accounts(file: string, own: string): string {
  const others = contentOf(file)
    .split("\n")
    .filter((line) => {
      const [name, , id] = line.split(":");
      return line !== "" && name !== TASK_USER && id !== String(TASK_ID);
    });
  return `${[...others, own].join("\n")}\n`;
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
