/**
 * `batchyard doctor`: what nodes can be on this machine, and how to get more. It tries for real, by making a node; nothing
 * stays, and no service has to run.
 */
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { delimiter, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { parseOptions } from "./command/command-line.ts";
import { exitCode } from "./command/exit-code.ts";
import { labelled } from "./command/wrapped-lines.ts";

export const help = `Show what compute nodes can be on this machine, and how to get more.

Usage: batchyard doctor

  --json       one JSON object

Exit code 0 when nodes can have namespaces of their own, 1 when not.
`;

/** What agent/probe.ts prints. */
interface Probe {
  readonly init: "native" | "shell";
  readonly initReason: string | null;
  readonly namespace: boolean;
  readonly namespaceObstacle: string | null;
  readonly nodeMs: number | null;
  /** Of all nodes together: `count` ranges of `length`. */
  readonly ids: { readonly start: number; readonly length: number; readonly count: number } | null;
  readonly idsObstacle: string | null;
  readonly rootObstacle: string | null;
  readonly outboundObstacle: string | null;
  readonly loginObstacle: string | null;
  readonly limitsObstacle: string | null;
  readonly diskObstacle: string | null;
  readonly mountsObstacle: string | null;
}

interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  /** What to do for more; null when there is nothing. */
  readonly advice: string | null;
}

/** A controller that is there answers much sooner. */
const CLUSTER_MS = 10_000;
const PROBE_PROGRAM = fileURLToPath(new URL(`../agent/probe${extname(import.meta.url)}`, import.meta.url));

export async function execute(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, { json: { type: "boolean", default: false } });
  const probe = await tryNode();
  const isolation = probe.namespace ? "namespace" : "process";
  const findings = [
    isolationFinding(probe),
    initFinding(probe),
    usersFinding(probe),
    rootFinding(probe),
    containersFinding(probe),
    outboundFinding(probe),
    loginFinding(probe),
    limitsFinding(probe),
    diskFinding(probe),
    mountsFinding(probe),
    ...(await clusterFindings()),
  ];
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ isolation, isRoot: isRoot(), ...probe, findings })}\n`
      : findings.map(paragraph).join(""),
  );
  return probe.namespace ? exitCode.ok : exitCode.failed;
}

async function tryNode(): Promise<Probe> {
  const { stdout } = await promisify(execFile)(process.execPath, [PROBE_PROGRAM]);
  return JSON.parse(stdout);
}

function isolationFinding({ namespace, namespaceObstacle, nodeMs }: Probe): Finding {
  if (namespace) {
    const found = `namespace: each node has its own processes, files, network and users; made in ${nodeMs} ms`;
    return { name: "Isolation", ok: true, found, advice: null };
  }
  return {
    name: "Isolation",
    ok: false,
    found: `process: tasks see this machine as its user does, which is no security boundary (${namespaceObstacle})`,
    advice: namespaceAdvice(),
  };
}

/** The usual reasons, most telling first. */
function namespaceAdvice(): string {
  if (setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") === "1" && !isRoot())
    return "AppArmor keeps user namespaces from ordinary users: sysctl kernel.apparmor_restrict_unprivileged_userns=0";
  if (setting("/proc/sys/kernel/unprivileged_userns_clone") === "0" && !isRoot())
    return "user namespaces are off for ordinary users: sysctl kernel.unprivileged_userns_clone=1";
  if (setting("/proc/sys/user/max_user_namespaces") === "0")
    return "user namespaces are off: sysctl user.max_user_namespaces=15000";
  return "Linux 5.12 and user namespaces are needed; in a container: --security-opt seccomp=unconfined --security-opt systempaths=unconfined";
}

function initFinding({ init, initReason }: Probe): Finding {
  if (init === "native")
    return { name: "Node's init", ok: true, found: "the native program runs", advice: null };
  const found = `the shell script, which starts tasks more slowly (${initReason})`;
  return { name: "Node's init", ok: false, found, advice: "install a C compiler: apt install gcc libc6-dev" };
}

function usersFinding({ namespace, ids, idsObstacle }: Probe): Finding {
  const name = "Users";
  if (namespace && ids) {
    const whose = isRoot()
      ? "ids that nobody on this machine has"
      : "ids that /etc/subuid gives to this user";
    const each =
      ids.count === 1 ? "which all nodes share" : `for each node (for ${ids.count} nodes; then they share)`;
    const found = `tasks run under ${whose}, ${ids.length} ${each}`;
    return { name, ok: true, found, advice: null };
  }
  if (isRoot())
    return { name, ok: false, found: "tasks run as root", advice: "start the service as an ordinary user" };
  return {
    name,
    ok: !namespace,
    found: `tasks run as the service's user, whatever they are shown as inside a node (${idsObstacle ?? "nodes are processes of this machine"})`,
    advice: namespace ? idsAdvice(idsObstacle ?? "") : null,
  };
}

function rootFinding({ namespace, rootObstacle }: Probe): Finding {
  const name = "Installing";
  if (!namespace) return { name, ok: false, found: "what tasks install they install here", advice: null };
  if (rootObstacle === null) {
    const found =
      "elevated tasks install packages on their node, which is theirs alone (apt, pip, useradd, sudo)";
    return { name, ok: true, found, advice: null };
  }
  const found = `programs and configuration are read-only in nodes, also for elevated tasks (${rootObstacle})`;
  return { name, ok: false, found, advice: null };
}

function containersFinding({ namespace, rootObstacle, idsObstacle }: Probe): Finding {
  const name = "Containers";
  if (!namespace || rootObstacle !== null) {
    const found = "pools with a containerConfiguration are refused: nodes have no roots of their own";
    const advice = isRoot() ? null : (idsAdvice(idsObstacle ?? "") ?? "start the service as root");
    return { name, ok: false, found, advice };
  }
  const missing = ["skopeo", "umoci"].filter((program) => !isInstalled(program));
  if (missing.length === 0)
    return { name, ok: true, found: "tasks run in images from registries and archives", advice: null };
  const found = `images can be neither pulled nor loaded (${missing.join(", ")} not installed)`;
  return { name, ok: false, found, advice: `apt install ${missing.join(" ")}` };
}

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));
}

function idsAdvice(obstacle: string): string | null {
  if (obstacle.includes("not installed")) return "apt install uidmap";
  if (!obstacle.includes("/etc/subuid")) return null;
  const range = "200000-265535"; // above those that useradd gives to the first users
  return `apt install uidmap; usermod --add-subuids ${range} --add-subgids ${range} ${userName()}`;
}

function outboundFinding({ namespace, outboundObstacle }: Probe): Finding {
  const name = "Network";
  if (!namespace) return { name, ok: true, found: "tasks have this machine's network", advice: null };
  if (outboundObstacle === null) {
    const found = "tasks reach what this machine reaches, but for its loopback and link-local addresses";
    return { name, ok: true, found, advice: null };
  }
  return {
    name,
    ok: false,
    found: `namespace nodes reach this service, and nothing else (${outboundObstacle})`,
    advice: outboundObstacle.includes("not installed")
      ? "apt install slirp4netns"
      : "slirp4netns needs /dev/net/tun: modprobe tun; chmod 0666 /dev/net/tun",
  };
}

function loginFinding({ namespace, loginObstacle }: Probe): Finding {
  const name = "SSH";
  if (!namespace) return { name, ok: false, found: "users cannot log in to process nodes", advice: null };
  if (loginObstacle === null)
    return { name, ok: true, found: "users of nodes can log in, with OpenSSH's server", advice: null };
  // What is missing, and what to do about it.
  const [found = "", ...advice] = loginObstacle.replace(/^U/, "u").split(/(?<=\.) /);
  return { name, ok: false, found, advice: advice.length > 0 ? advice.join(" ") : null };
}

function limitsFinding({ namespace, limitsObstacle }: Probe): Finding {
  const name = "Limits";
  if (!namespace) return { name, ok: false, found: "a task may use all of this machine", advice: null };
  if (limitsObstacle === null) {
    const found = "a node has the memory and processors of its VM size at most, and so many processes";
    return { name, ok: true, found, advice: null };
  }
  return {
    name,
    ok: false,
    found: `a node has so many processes at most, but all memory and processors (${limitsObstacle})`,
    advice: limitsAdvice(limitsObstacle),
  };
}

function diskFinding({ diskObstacle }: Probe): Finding {
  const name = "Disk";
  if (diskObstacle === null) {
    const found = "with --node-disk each node has a disk of its own, of that size";
    return { name, ok: true, found, advice: null };
  }
  const found = `with --node-disk nodes are measured, and what has taken more is ended (${diskObstacle})`;
  return { name, ok: false, found, advice: isRoot() ? "apt install e2fsprogs util-linux" : null };
}

function mountsFinding({ namespace, mountsObstacle }: Probe): Finding {
  const name = "Mounts";
  if (!namespace) {
    const found = "pools with a mountConfiguration are refused: nodes are processes of this machine";
    return { name, ok: false, found, advice: null };
  }
  if (mountsObstacle === null)
    return { name, ok: true, found: "pools mount containers of blobs on their nodes", advice: null };
  const found = `a node that is to mount a container of blobs is unusable (${mountsObstacle})`;
  const advice = mountsObstacle.includes("install")
    ? "apt install rclone fuse3"
    : isRoot()
      ? "modprobe fuse; in a container: --device /dev/fuse --cap-add SYS_ADMIN"
      : "start the service as root";
  return { name, ok: false, found, advice };
}

function limitsAdvice(obstacle: string): string {
  const start = `systemd-run ${isRoot() ? "" : "--user "}--scope -p Delegate=yes batchyard up`;
  if (/no version 2|memory/.test(obstacle))
    return `control groups of version 2 are needed: kernel parameter systemd.unified_cgroup_hierarchy=1, then ${start}`;
  if (obstacle.includes("no controllers"))
    return `systemctl edit user@.service: [Service] Delegate=cpu memory pids; after the next login ${start}`;
  return `give the service a control group of its own: ${start}`;
}

/** What is found of a cluster: empty where Slurm is not installed, as on most machines. */
async function clusterFindings(): Promise<Finding[]> {
  const name = "Cluster";
  try {
    const { stdout: version } = await squeue("--version");
    await squeue("--me");
    const found = `Slurm answers (${version.trim()}): nodes can be its jobs, on other machines`;
    return [{ name, ok: true, found, advice: "batchyard up --compute slurm" }];
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { readonly stderr?: string };
    if (code === "ENOENT") return [];
    const found = `Slurm does not answer (${stderr?.trim().split("\n").at(-1) || "squeue --me is too slow"})`;
    return [{ name, ok: false, found, advice: null }];
  }
}

function squeue(word: string): Promise<{ readonly stdout: string }> {
  return promisify(execFile)("squeue", [word], { timeout: CLUSTER_MS });
}

/** Advice stays in one line, for it is often a command to copy. */
function paragraph({ name, ok, found, advice }: Finding): string {
  const indent = 18;
  const more = advice === null ? "" : `${" ".repeat(indent)}-> ${advice}\n`;
  return labelled(`${ok ? "yes" : "no "}  ${name}`, found, 0, indent) + more;
}

function setting(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return undefined;
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.geteuid?.());
  }
}

function isRoot(): boolean {
  return process.geteuid?.() === 0;
}
