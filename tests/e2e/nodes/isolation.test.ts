/** A namespace node as an attacker in one of its tasks finds it. Each test would fail on a process node. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RunSpec } from "../../../src/wire/agent/messages.ts";
import { AgentBench, type FakeService, nodeSpec, runSpec, writeOnNode } from "../agent/agent-bench.ts";
import { haveOwnIds, haveOwnRanges, namespaceObstacle, rootObstacle } from "./namespace-nodes.ts";

let bench: AgentBench;
let service: FakeService;

beforeEach(async () => {
  bench = new AgentBench();
  service = await bench.startService();
});

afterEach(() => bench.dispose());

async function startNode(nodeKey = "n1"): Promise<void> {
  await service.said("hello");
  service.send(nodeSpec(nodeKey, "namespace"));
  await service.said("node.ready", (ready) => ready.nodeKey === nodeKey && ready.isolation === "namespace");
}

/** Runs a shell script as a task. @returns what it printed, both streams */
async function output(script: string, change: Partial<RunSpec> = {}): Promise<string> {
  const nodeKey = change.nodeKey ?? "n1";
  const file = join(bench.nodeRoot(nodeKey), "shared", "script.sh");
  await writeOnNode(service, file, script, nodeKey);
  const spec = runSpec(`/bin/sh -c "exec 2>&1; . ${file}"`, change);
  service.send({ t: "run.start", spec });
  await service.ended(spec.run);
  const place = spec.place.kind === "startTask" ? "startup" : `workitems/job/job-1/${spec.run}`;
  const folder = join(bench.nodeRoot(nodeKey), place);
  return readFileSync(join(folder, "stdout.txt"), "utf8");
}

const ELEVATIONS = [
  ["a task", { elevated: false }],
  ["an elevated task", { elevated: true }],
] as const;

describe.skipIf(namespaceObstacle !== undefined)("on a namespace node", () => {
  test.each(ELEVATIONS)(
    "%s reads nothing of the service, the agent, other nodes and the homes",
    async (_, change) => {
      writeFileSync(join(bench.folder, "seal.key"), "SECRET");
      bench.startAgent();
      await startNode();
      await startNode("n2");
      await writeOnNode(service, join(bench.nodeRoot("n2"), "shared", "theirs"), "SECRET", "n2");
      const targets = [
        `${bench.folder}/seal.key`,
        `${bench.folder}/ca-key.pem`,
        bench.configurationFile,
        `${bench.nodeRoot("n2")}/shared/theirs`,
        `${bench.nodeRoot()}/../n2/shared/theirs`,
        rootObstacle === undefined ? "/etc/shadow-" : "/etc/shadow", // a root of its own has one of its own
        ...[`/proc/${process.pid}`, "/proc/1"].map((process) => `${process}/root${bench.folder}/seal.key`),
      ];
      const script = [
        ...targets.map((target) => `cat ${target} && echo GOT ${target}`),
        `ln -s ${bench.folder} here; cat here/seal.key && echo GOT link`,
        "for f in /proc/[0-9]*/mem; do head -c 1 $f >/dev/null && echo GOT $f; done",
        "cat /proc/1/environ && echo GOT environment",
        `mkdir -p m; mount --bind / m && find m -name seal.key | grep . && echo GOT mount`,
        "nsenter --target 1 --mount cat /etc/shadow && echo GOT nsenter",
        "umount -l /tmp; umount -l /proc; ls /tmp /root /home /run/docker.sock && echo GOT folders",
        "echo end",
      ].join("\n");
      const said = await output(script, change);
      expect(said).toContain("\nend\n");
      expect(
        said.split("\n").filter((line) => /SECRET|PRIVATE KEY|GOT(?! \/proc\/\d+\/mem)/.test(line)),
      ).toEqual([]);
    },
  );

  test("is what a node becomes whose choice is left to the agent", async () => {
    bench.startAgent();
    await service.said("hello");
    service.send(nodeSpec("n1", "auto"));
    expect((await service.said("node.ready")).isolation).toBe("namespace");
  });

  test("a task sees its own processes only", async () => {
    bench.startAgent();
    await startNode();
    const long = runSpec("sleep 600");
    service.send({ t: "run.start", spec: long });
    await service.said("run.started");
    const said = await output("for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline; echo; done; hostname");
    expect(said).not.toContain("sleep 600");
    expect(said).not.toContain("agent/main");
    expect(said).toContain("tvm-1");
  });

  test.each(ELEVATIONS)("%s has a network of its own", async (_, change) => {
    const reached: string[] = [];
    const tcp = createServer((socket) => {
      reached.push("tcp");
      socket.destroy();
    }).listen(0, "127.0.0.1");
    const abstract = createServer((socket) => {
      reached.push("unix");
      socket.destroy();
    }).listen("\0batchyard-isolation-test");
    bench.startAgent();
    await startNode();
    const address = tcp.address();
    const port = typeof address === "object" ? address?.port : 0;
    const said = await output(
      `cat <<'PY' >connect.py
import socket
def attempt(family, address):
    try:
        socket.socket(family).connect(address)
        print("GOT", address)
    except OSError as error:
        print("refused", error.errno)
attempt(socket.AF_INET, ("127.0.0.1", ${port}))
attempt(socket.AF_UNIX, "\\0batchyard-isolation-test")
PY
python3 connect.py || echo no python
cat /proc/net/dev; echo end`,
      change,
    );
    tcp.close();
    abstract.close();
    expect(said).toContain("\nend\n");
    expect(said).not.toContain("GOT");
    expect(reached).toEqual([]);
    const interfaces = [...said.matchAll(/^ *(\w+):/gm)].map(([, name]) => name);
    expect(interfaces.filter((name) => name !== "tap0")).toEqual(["lo"]);
  });

  test("tasks are who they are said to be, and own nothing of root's", async () => {
    bench.startAgent();
    await startNode();
    const who =
      "id -u; id -un; grep CapEff /proc/self/status; touch mine; pwd; echo x >>/etc/passwd; touch /usr/x";
    const plain = await output(who);
    const elevated = await output(who, { elevated: true });
    expect(plain).toMatch(/^1000\n_azbatch\nCapEff:\t0+\n/);
    expect(elevated).toMatch(/^0\nroot\nCapEff:\t0*[1-9a-f]/);
    expect(existsSync("/usr/x")).toBe(false);
    expect(readFileSync("/etc/passwd", "utf8")).not.toMatch(/^x$/m);
    for (const said of [plain, elevated]) {
      if (said === plain || rootObstacle !== undefined) {
        expect(said).toMatch(/passwd: (Read-only file system|Permission denied)/i);
        expect(said).toMatch(/\/usr\/x/);
      }
      const folder = /^\/.*$/m.exec(said)?.[0] ?? "";
      const owner = statSync(join(folder, "mine")).uid;
      if (process.geteuid?.() === 0) expect(owner).toBeGreaterThanOrEqual(1_000_000_000);
      else if (haveOwnIds) expect([0, process.geteuid?.()]).not.toContain(owner);
      else expect(owner).toBe(process.geteuid?.());
    }
  });

  test("two nodes have two networks, files and temporary folders", async () => {
    bench.startAgent();
    await startNode();
    await startNode("n2");
    expect(await output("echo first >/tmp/mark; cat /tmp/mark")).toBe("first\n");
    expect(await output("cat /tmp/mark", { nodeKey: "n2" })).toMatch(/No such file/);
    expect(await output("cat /tmp/mark")).toBe("first\n");
  });

  test.skipIf(!haveOwnIds)(
    "nodes have ids of their own, whose files the agent reads and removes",
    async () => {
      bench.startAgent();
      await startNode();
      await startNode("n2");
      const owner = (nodeKey: string) => statSync(bench.nodeRoot(nodeKey)).uid;
      for (const nodeKey of ["n1", "n2"]) expect([0, process.geteuid?.()]).not.toContain(owner(nodeKey));
      expect(owner("n1") !== owner("n2")).toBe(haveOwnRanges);
      await output(
        'umask 077; mkdir -p "$AZ_BATCH_NODE_SHARED_DIR/own"; echo private >"$AZ_BATCH_NODE_SHARED_DIR/own/file"',
      );
      const path = "shared/own/file";
      service.send({ t: "file.ask", id: 1, file: { nodeKey: "n1", path }, ask: { op: "read" } });
      service.send({ t: "file.credit", id: 1, bytes: 100 });
      expect(Buffer.from((await service.said("file.chunk")).data, "base64").toString()).toBe("private\n");
      service.send({ t: "node.stop", nodeKey: "n1" });
      await service.said("node.stopped");
      expect(statSync(bench.nodeRoot(), { throwIfNoEntry: false })).toBeUndefined();
    },
  );

  test("what the machine's owner lets it see is seen, as it was meant", async () => {
    const shown = join(bench.folder, "shown");
    mkdirSync(shown);
    writeFileSync(join(shown, "data"), "data\n");
    bench.configure({ url: service.url, nodePaths: [{ path: shown, isWritable: false }] });
    bench.startAgent();
    await startNode();
    const said = await output(`cat ${shown}/data; echo x >${shown}/data`, { elevated: true });
    expect(said).toMatch(/^data\n.*(Read-only file system|Permission denied)/i);
    expect(readFileSync(join(shown, "data"), "utf8")).toBe("data\n");
  });

  test.skipIf(!haveOwnIds)("what the start task mounts is seen by the node's tasks", async () => {
    bench.startAgent();
    await startNode();
    const share = '"$AZ_BATCH_NODE_SHARED_DIR/share"';
    const place = { kind: "startTask" } as const;
    await output(`mkdir -p ${share}; mount -t tmpfs none ${share}; echo shared >${share}/file`, {
      elevated: true,
      place,
    });
    expect(await output(`cat ${share}/file`)).toBe("shared\n");
  });

  test.skipIf(!haveOwnIds)("low ports, ping and debuggers work, also without elevation", async () => {
    bench.startAgent();
    await startNode();
    const said = await output(`cat <<'PY' >needs.py
import ctypes, os, socket
if os.fork() == 0:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace(0, 0, 0, 0)
    os._exit(ctypes.get_errno())
print("ptrace", os.wait()[1])
socket.socket().bind(("127.0.0.1", 81))
socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP)
print("all")
PY
python3 needs.py || echo no python`);
    expect(said).toMatch(/^ptrace 0\nall\n$|not found\nno python\n$/);
  });

  test("a node that is gone leaves nothing behind", async () => {
    bench.startAgent();
    await startNode();
    await output("mkdir -p deep/er; touch deep/er/file /tmp/file", { elevated: true });
    service.send({ t: "node.stop", nodeKey: "n1" });
    await service.said("node.stopped");
    expect(statSync(bench.nodeRoot(), { throwIfNoEntry: false })).toBeUndefined();
    expect(statSync(join(bench.folder, "sandboxes", "n1"), { throwIfNoEntry: false })).toBeUndefined();
  });
});
