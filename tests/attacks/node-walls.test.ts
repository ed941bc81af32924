/** What a hostile task tries against the walls of its namespace node. Each test is named after what the attack would win. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunSpec } from "../../src/wire/agent/messages.ts";
import { AgentBench, type FakeService, nodeSpec, runSpec, writeOnNode } from "../e2e/agent/agent-bench.ts";
import { namespaceObstacle } from "../e2e/nodes/namespace-nodes.ts";

const MIB = 2 ** 20;
const MEMORY = 256 * MIB;

let bench: AgentBench;
let service: FakeService;
/** Seen in the node, where nobody is to write although everybody might. */
let shown: string;
let scripts = 0;

beforeAll(async () => {
  bench = new AgentBench();
  service = await bench.startService();
  if (namespaceObstacle !== undefined) return;
  shown = join(bench.folder, "shown");
  mkdirSync(shown);
  writeFileSync(join(shown, "data"), "data\n");
  for (const [path, mode] of [
    [bench.folder, 0o755],
    [shown, 0o777],
    [join(shown, "data"), 0o666],
  ] as const)
    chmodSync(path, mode);
  bench.configure({ url: service.url, nodePaths: [{ path: shown, isWritable: false }] });
  bench.startAgent();
  await service.said("hello");
  const limits = { memoryBytes: MEMORY, cpus: 1, processes: 400 };
  service.send(nodeSpec("n1", "namespace", { limits }));
  await service.said("node.ready");
});

afterAll(() => bench.dispose());

/** Runs a script as a task. @returns what it printed, both streams */
async function output(script: string, change: Partial<RunSpec> = {}, program = "/bin/sh"): Promise<string> {
  const file = join(bench.nodeRoot(), "shared", `script-${++scripts}`);
  await writeOnNode(service, file, script);
  const spec = runSpec(`/bin/sh -c "exec ${program} ${file} 2>&1"`, change);
  service.send({ t: "run.start", spec });
  const { end } = await service.ended(spec.run);
  return `${readFileSync(join(bench.nodeRoot(), `workitems/job/job-1/${spec.run}/stdout.txt`), "utf8")}${JSON.stringify(end)}`;
}

const ELEVATIONS = [
  ["a task", { elevated: false }],
  ["an elevated task", { elevated: true }],
] as const;

const hasPython = (() => {
  try {
    execFileSync("python3", ["--version"]);
    return true;
  } catch {
    console.warn("skipped in part: no python3");
    return false;
  }
})();

describe.skipIf(namespaceObstacle !== undefined)("the walls of a node", () => {
  test.each(ELEVATIONS)("writing what is shown read-only: %s mounts it anew", async (_, change) => {
    const said = await output(
      `for flags in remount,bind,rw remount,rw,nosuid,relatime,bind remount,rw; do
  mount -o $flags ${shown}; mount -o $flags none ${shown}; echo x >${shown}/data
done
umount ${shown}; umount -l ${shown}
mkdir again; mount --bind ${shown} again; mount -o remount,bind,rw again; echo x >again/data; umount again
mount --rbind ${shown} again; mount -o remount,bind,rw again; echo x >again/data
unshare -m sh -c 'mount -o remount,bind,rw ${shown}; echo x >${shown}/data'
unshare -Urm sh -c 'mount -o remount,bind,rw ${shown}; echo x >${shown}/data'
nsenter --target 1 --mount sh -c 'mount -o remount,bind,rw ${shown}; echo x >${shown}/data'
echo x >${shown}/data
echo end`,
      change,
    );
    expect(said).toContain("end\n");
    expect(readFileSync(join(shown, "data"), "utf8")).toBe("data\n");
  });

  test("every later task of the node: an elevated one mounts over what they use", async () => {
    await output(
      `for target in /tmp "$AZ_BATCH_NODE_ROOT_DIR/workitems" /usr /proc; do mount -t tmpfs -o ro none "$target"; done
mount --make-rshared /; mount -t tmpfs -o ro none /tmp; echo end`,
      { elevated: true },
    );
    expect(await output("touch /tmp/mine && ls /usr/bin/env && echo works")).toContain("works");
  });

  test.each(ELEVATIONS)(
    "a way past the node's network, or into the kernel: %s asks for a socket or a call that nodes have no use for",
    async (_, change) => {
      if (!hasPython) return;
      const said = await output(
        `import ctypes, errno, platform, socket
libc = ctypes.CDLL(None, use_errno=True)
for family in ["AF_VSOCK", "AF_ALG", "AF_CAN", "AF_TIPC", "AF_RDS", "AF_BLUETOOTH"]:
    try:
        socket.socket(getattr(socket, family, 40), socket.SOCK_SEQPACKET if family == "AF_ALG" else socket.SOCK_STREAM)
        print("GOT", family)
    except OSError as error:
        print(family, "GOT another answer " + str(error) if error.errno != errno.EAFNOSUPPORT else "refused")
x86 = platform.machine() == "x86_64"
calls = {"bpf": (321, 280), "add_key": (248, 217), "keyctl": (250, 219), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "open_by_handle_at": (304, 265), "kexec_load": (246, 104), "init_module": (175, 105), "quotactl": (179, 60)}
for name, numbers in calls.items():
    ctypes.set_errno(0)
    libc.syscall(numbers[0 if x86 else 1], 0, 0, 0, 0, 0)
    print(name, "refused" if ctypes.get_errno() == errno.EPERM else "GOT errno %d" % ctypes.get_errno())
for number in [600, 100000] + ([0x40000000 + 39] if x86 else []):
    ctypes.set_errno(0)
    libc.syscall(number, 0, 0, 0, 0, 0)
    print(number, "refused" if ctypes.get_errno() == errno.ENOSYS else "GOT %d" % ctypes.get_errno())
for family in [socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK]:
    socket.socket(family, socket.SOCK_DGRAM if family == socket.AF_NETLINK else socket.SOCK_STREAM)
print("end")`,
        change,
        "python3",
      );
      expect(said).toContain("end\n");
      expect(said.split("\n").filter((line) => line.includes("GOT"))).toEqual([]);
    },
  );

  test("powers over namespaces of its own: a task without elevation makes some", async () => {
    const said = await output(
      ["-U", "-Ur", "-m", "-n", "-Urn", "-Urmp --fork"]
        .map((words) => `unshare ${words} true && echo GOT ${words}`)
        .join("\n"),
    );
    expect(said).not.toContain("GOT");
  });

  test("the memory of the machine: what lies in a node's memory has a size", async () => {
    const said = await output("df --output=size -B1M /run /dev/shm | tail -n +2");
    const sizes = [...said.matchAll(/^ *(\d+)$/gm)].map(([, size]) => Number(size));
    expect(sizes).toHaveLength(2);
    for (const size of sizes) expect(size).toBeLessThanOrEqual(MEMORY / MIB / 2);
  });
});
