/** Named users of a node, as the tasks that run as them find themselves. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { NodeSpec, RunReport, RunSpec } from "../../../src/wire/agent/messages.ts";
import { AgentBench, type FakeService, nodeSpec, runSpec, writeOnNode } from "../agent/agent-bench.ts";
import { haveOwnIds, namespaceObstacle } from "./namespace-nodes.ts";

const userAccounts: NonNullable<NodeSpec["userAccounts"]> = [
  { name: "ann", isAdmin: false },
  { name: "bob", isAdmin: false, uid: 12_345, gid: 98_765 },
  { name: "boss", isAdmin: true, uid: 70_000, gid: 98_765 },
];

let bench: AgentBench;
let service: FakeService;

beforeEach(async () => {
  bench = new AgentBench();
  service = await bench.startService();
  bench.startAgent();
});
afterEach(() => bench.dispose());

async function startNode(isolation: "namespace" | "process", change: Partial<NodeSpec> = {}): Promise<void> {
  await service.said("hello");
  service.send(nodeSpec("n1", isolation, { userAccounts, ...change }));
  await service.said("node.ready", (ready) => ready.isolation === isolation);
}

async function run(script: string, change: Partial<RunSpec> = {}): Promise<RunReport> {
  const file = join(bench.nodeRoot(), "shared", "script.sh");
  await writeOnNode(service, file, script);
  const spec = runSpec(`/bin/sh -c "exec 2>&1; . ${file}"`, change);
  service.send({ t: "run.start", spec });
  return service.ended(spec.run);
}

const folderOf = (task: string) => join(bench.nodeRoot(), `workitems/job/job-1/${task}`);
const printed = (report: RunReport) => readFileSync(join(folderOf(report.run), "stdout.txt"), "utf8");
const as = async (username: string, script: string) => printed(await run(script, { username }));

const WHO = "id -un; id -u; id -g; id -Gn; ls -ld . .. ../stdout.txt | cut -d' ' -f3 | sort -u";

describe.skipIf(namespaceObstacle !== undefined || !haveOwnIds)("on a node with ids of its own", () => {
  test("a user is who it was to be, and its task's folder is its own", async () => {
    await startNode("namespace");
    expect(await as("ann", WHO)).toBe("ann\n1002\n1002\nann _azbatch\nann\n");
    expect(await as("bob", WHO)).toBe("bob\n12345\n98765\nbob _azbatch\nbob\n");
    expect(await as("boss", WHO)).toBe("boss\n70000\n98765\nbob _azbatch\nboss\n");
    const said = await as(
      "ann",
      "echo $USER $AZ_BATCH_TASK_USER $AZ_BATCH_TASK_USER_IDENTITY; grep Cap /proc/self/status",
    );
    expect(said).toMatch(/^ann ann ann\n(Cap(?!Bnd)\w+:\t0+\n|CapBnd.*\n)+$/);
  });

  test("users write into what is theirs and what is everybody's, and into nothing else", async () => {
    await startNode("namespace");
    const bobs = await run("echo bob >own", { username: "bob" });
    const common = await run("echo common >own");
    for (const { run: other } of [bobs, common]) {
      const target = join(folderOf(other), "wd");
      const said = await as(
        "ann",
        `cat ${target}/own; echo x >>${target}/own; echo x >${target}/new; rm ${target}/own`,
      );
      expect(said).toMatch(/^(bob|common)\n(.*Permission denied\n){3}$/);
    }
    expect(
      await as(
        "ann",
        "cd $AZ_BATCH_NODE_SHARED_DIR; echo ann >ann; cat ann; echo x >$AZ_BATCH_NODE_ROOT_DIR/x",
      ),
    ).toMatch(/^ann\n.*Permission denied\n$/);
    expect(
      await as(
        "bob",
        "rm $AZ_BATCH_NODE_SHARED_DIR/ann; echo x >$AZ_BATCH_NODE_STARTUP_DIR/x; echo x >../../x",
      ),
    ).toMatch(/^(.*Permission denied\n){2}$/);
  });

  test("an administrator has the power of the node's root, and none over the machine", async () => {
    await startNode("namespace");
    const anns = await run("umask 077; echo ann >own", { username: "ann" });
    const target = join(folderOf(anns.run), "wd/own");
    const script = `cat ${target}; chown boss ${target}; stat -c %U ${target}`;
    expect(await as("boss", script)).toBe("ann\nboss\n");
    expect(await as("boss", "setpriv --reuid=0 --regid=0 --clear-groups id -un")).toBe("root\n");
    expect(await as("boss", "echo x >/usr/x; grep CapEff /proc/self/status")).toMatch(
      /(Read-only file system\n|^)CapEff:\t0*[1-9a-f]/,
    );
    expect(existsSync("/usr/x")).toBe(false);
    if (process.geteuid?.() === 0) expect(statSync(target).uid).toBeGreaterThanOrEqual(1_000_000_000);
  });

  test("the pool's certificates are there for users, and for nobody who is not a task's", async () => {
    const certificate = { name: "sha1-00.cer", data: "Y2VydA==", forStartTask: true, forTasks: true };
    await startNode("namespace", { certificates: [certificate] });
    expect(await as("ann", "cat $AZ_BATCH_CERTIFICATES_DIR/*.cer")).toBe("cert");
    const stranger =
      "setpriv --reuid=1500 --regid=1500 --clear-groups --inh-caps=-all cat $AZ_BATCH_CERTIFICATES_DIR/sha1-00.cer";
    expect(printed(await run(stranger, { elevated: true }))).toMatch(/Permission denied/);
  });

  test("a start task that gets another user has a folder of that user's again", async () => {
    await startNode("namespace");
    const start = async (change: Partial<RunSpec>) => {
      await run("id -un >>who", { place: { kind: "startTask" }, ...change });
      const said = await run(
        "ls -ld $AZ_BATCH_NODE_STARTUP_DIR $AZ_BATCH_NODE_STARTUP_WORKING_DIR | cut -d' ' -f3 | uniq",
      );
      return printed(said);
    };
    expect(await start({ username: "ann" })).toBe("ann\n");
    expect(await start({ username: "bob" })).toBe("bob\n");
    expect(await start({})).toBe("_azbatch\n");
  });
});

describe.skipIf(namespaceObstacle !== undefined || !haveOwnIds)(
  "what a user leaves for the next run in its folder",
  () => {
    const place = { kind: "startTask" } as const;

    test("gives it no file of anybody's", async () => {
      await startNode("namespace");
      await run("echo kept >kept; ln -f kept ../stdout.txt", { place, username: "ann" });
      await run("id -un", { place, username: "bob" });
      expect(
        await as(
          "bob",
          "cd $AZ_BATCH_NODE_STARTUP_DIR; cat wd/kept stdout.txt; stat -c %U wd/kept stdout.txt",
        ),
      ).toBe("kept\nbob\nann\nbob\n");
    });

    test("leads it nowhere", async () => {
      await startNode("namespace");
      const bobs = await run("echo bob >own", { username: "bob" });
      await run(`cd ..; mv wd away; ln -s ${folderOf(bobs.run)}/wd wd`, { place, username: "ann" });
      const { end } = await run("echo x >own", { place, username: "ann" });
      expect(end).toMatchObject({ kind: "failedToStart", code: "ResourceDirectoryCreateFailed" });
      expect(await as("bob", `cat ${folderOf(bobs.run)}/wd/own; stat -c %U ${folderOf(bobs.run)}/wd`)).toBe(
        "bob\nbob\n",
      );
    });
  },
);

describe.skipIf(namespaceObstacle !== undefined || haveOwnIds)("on a node with one id", () => {
  test("a user is the administrator or the tasks' common user", async () => {
    await startNode("namespace");
    expect(await as("ann", "id -un; id -u; echo $AZ_BATCH_TASK_USER")).toBe("_azbatch\n1000\n_azbatch\n");
    expect(await as("boss", "id -un; id -u")).toBe("root\n0\n");
  });
});

test("on a process node a user is the agent's own", async () => {
  await startNode("process");
  expect(await as("bob", "id -u")).toBe(`${process.geteuid?.()}\n`);
});

test.each(["process", ...(namespaceObstacle === undefined ? ["namespace"] : [])] as const)(
  "on a %s node, a user that is not there fails the task before it runs",
  async (isolation) => {
    await startNode(isolation as "process" | "namespace");
    const { end } = await run("true", { username: "nobody-here" });
    expect(end).toEqual({
      kind: "failedToStart",
      code: "CommandLaunchFailed",
      message: "The pool has no user account named nobody-here.",
    });
  },
);
