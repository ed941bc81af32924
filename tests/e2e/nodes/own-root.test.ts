/** A node that one can install into: what its administrator changes is the node's own, for all its tasks, until it is imaged anew. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isMachinesRoot } from "../../../src/agent/sandbox/sandbox-ids.ts";
import type { RunSpec } from "../../../src/wire/agent/messages.ts";
import { AgentBench, type FakeService, nodeSpec, runSpec, writeOnNode } from "../agent/agent-bench.ts";
import { rootObstacle } from "./namespace-nodes.ts";

let bench: AgentBench;
let service: FakeService;
/** Of packages, on this machine's disk. */
let repository: string;
let scripts = 0;

const hasDpkg = existsSync("/usr/bin/dpkg-deb") && existsSync("/usr/bin/apt-get");
if (rootObstacle !== undefined) console.warn(`skipped, no roots of nodes' own here: ${rootObstacle}`);
else if (!hasDpkg) console.warn("skipped: no dpkg and apt");

beforeAll(async () => {
  bench = new AgentBench();
  service = await bench.startService();
  if (rootObstacle !== undefined) return;
  repository = join(bench.folder, "repository");
  if (hasDpkg) makeRepository(repository);
  chmodSync(bench.folder, 0o755);
  bench.configure({ url: service.url, nodePaths: [{ path: repository, isWritable: false }] });
  bench.startAgent();
  await service.said("hello");
  for (const key of ["n1", "n2"]) await startNode(key);
});

afterAll(() => bench.dispose());

async function startNode(nodeKey: string): Promise<void> {
  const before = service.all("node.ready").length;
  service.send(nodeSpec(nodeKey, "namespace"));
  await service.said("node.ready", (ready) => service.all("node.ready").indexOf(ready) >= before);
}

async function stopNode(nodeKey: string, keepFolder: boolean): Promise<void> {
  const before = service.all("node.stopped").length;
  service.send({ t: "node.stop", nodeKey, keepFolder });
  await service.said("node.stopped", (stopped) => service.all("node.stopped").indexOf(stopped) >= before);
}

/** A package whose program says hello, and which makes a user as many do. */
function makeRepository(folder: string): void {
  const tree = join(folder, "tree");
  for (const path of ["DEBIAN", "usr/bin", "etc/greeter"]) mkdirSync(join(tree, path), { recursive: true });
  const control = [
    "Package: batchyard-greeter",
    "Version: 1.0",
    "Architecture: all",
    "Maintainer: Nobody <nobody@example.com>",
    "Description: Says hello",
  ];
  writeFileSync(join(tree, "DEBIAN/control"), `${control.join("\n")}\n`);
  writeFileSync(join(tree, "DEBIAN/conffiles"), "/etc/greeter/greeting\n");
  writeFileSync(
    join(tree, "DEBIAN/postinst"),
    "#!/bin/sh\nset -e\nuseradd --system --no-create-home greeter\nldconfig\n",
  );
  writeFileSync(join(tree, "usr/bin/greet"), "#!/bin/sh\ncat /etc/greeter/greeting\n");
  writeFileSync(join(tree, "etc/greeter/greeting"), "hello\n");
  for (const path of ["DEBIAN/postinst", "usr/bin/greet"]) chmodSync(join(tree, path), 0o755);
  execFileSync("dpkg-deb", ["--root-owner-group", "--build", tree, join(folder, "greeter.deb")], {
    stdio: "ignore",
  });
  makeReplacement(folder);
  const packages = execFileSync("dpkg-scanpackages", ["--multiversion", "."], {
    cwd: folder,
    stdio: ["ignore", "pipe", "ignore"],
  });
  writeFileSync(join(folder, "Packages"), packages);
}

/** One that has a program which another of the machine's packages has, as every newer version of a package does. */
function makeReplacement(folder: string): void {
  const tree = join(folder, "replacement");
  for (const path of ["DEBIAN", "usr/bin"]) mkdirSync(join(tree, path), { recursive: true });
  const control = [
    "Package: batchyard-replacement",
    "Version: 1.0",
    "Architecture: all",
    "Replaces: coreutils",
    "Maintainer: Nobody <nobody@example.com>",
    "Description: Factors nothing",
  ];
  writeFileSync(join(tree, "DEBIAN/control"), `${control.join("\n")}\n`);
  writeFileSync(join(tree, "usr/bin/factor"), "#!/bin/sh\necho replaced\n");
  chmodSync(join(tree, "usr/bin/factor"), 0o755);
  execFileSync("dpkg-deb", ["--root-owner-group", "--build", tree, join(folder, "replacement.deb")], {
    stdio: "ignore",
  });
}

/** Runs a shell script as a task. @returns what it printed, both streams, and how it ended */
async function output(script: string, change: Partial<RunSpec> = {}): Promise<string> {
  const nodeKey = change.nodeKey ?? "n1";
  const file = join(bench.nodeRoot(nodeKey), "shared", `script-${++scripts}`);
  await writeOnNode(service, file, script, nodeKey);
  const spec = runSpec(`/bin/sh -c "exec 2>&1; . ${file}"`, change);
  service.send({ t: "run.start", spec });
  const { end } = await service.ended(spec.run);
  const place = spec.place.kind === "startTask" ? "startup" : `workitems/job/job-1/${spec.run}`;
  const said = readFileSync(join(bench.nodeRoot(nodeKey), place, "stdout.txt"), "utf8");
  return `${said}exit ${end.kind === "exited" ? end.exitCode : end.kind}`;
}

const elevated = { elevated: true };
const install = (name = "batchyard-greeter") =>
  `export DEBIAN_FRONTEND=noninteractive
echo "deb [trusted=yes] copy:${repository} ./" >/etc/apt/sources.list.d/here.list
only="-o Dir::Etc::sourcelist=sources.list.d/here.list -o Dir::Etc::sourceparts=-"
apt-get $only update && apt-get $only install -y ${name}`;

describe.skipIf(rootObstacle !== undefined)("a root of the node's own", () => {
  test.skipIf(!hasDpkg)(
    "an elevated start task installs a package, and an ordinary task uses it",
    async () => {
      const said = await output(install(), { elevated: true, place: { kind: "startTask" } });
      expect(said).toMatch(/exit 0$/);
      expect(await output("greet; id -un greeter; dpkg -s batchyard-greeter | grep Status")).toBe(
        "hello\ngreeter\nStatus: install ok installed\nexit 0",
      );
      expect(existsSync("/usr/bin/greet")).toBe(false);
      expect(await output("greet", { nodeKey: "n2" })).toMatch(/exit 127$/);
    },
  );

  test.skipIf(!hasDpkg)("a package replaces programs that the machine has, on the node alone", async () => {
    const said = await output(`${install("batchyard-replacement")} && factor 6`, elevated);
    expect(said).toMatch(/replaced\nexit 0$/);
    expect(execFileSync("factor", ["6"], { encoding: "utf8" })).toBe("6: 2 3\n");
  });

  test.skipIf(!hasDpkg)("it is there after a reboot, and gone with a new image", async () => {
    expect(await output(install(), { ...elevated, nodeKey: "n2" })).toMatch(/exit 0$/);
    await stopNode("n2", true);
    await startNode("n2");
    expect(await output("greet", { nodeKey: "n2" })).toBe("hello\nexit 0");
    await stopNode("n2", false);
    await startNode("n2");
    expect(await output("greet", { nodeKey: "n2" })).toMatch(/exit 127$/);
  });

  test("only elevated tasks write to it", async () => {
    const script =
      "for f in /usr/bin/mine /etc/mine /opt/mine /usr/local/bin/mine /var/lib/mine /mine /home/mine; do touch $f && echo GOT $f; done; echo end";
    expect(await output(script)).not.toContain("GOT");
    expect((await output(script, elevated)).match(/GOT/g)).toHaveLength(7);
    expect(existsSync("/usr/bin/mine")).toBe(false);
  });

  test("what administrators do to a machine works", async () => {
    const said = await output(
      `useradd -m -s /bin/bash alice && su alice -c 'echo $HOME' && groupadd crew && usermod -aG crew alice && id -nG alice
echo 1 >>/etc/environment && sed -i s/^root:x/root:x/ /etc/passwd && ${isMachinesRoot() ? "chmod 755 /usr/bin/env && mv /usr/bin/env /usr/bin/env2" : "cp /usr/bin/env /usr/bin/env2 && rm /usr/bin/env"} && cp /usr/bin/env2 /usr/bin/env
ldconfig && mkdir /data && touch /var/log/mine && chown alice /data && stat -c %U /data
update-alternatives --install /usr/bin/greeting greeting /bin/true 1 >/dev/null && greeting && echo alternatives
ls -ld /usr/bin /etc/passwd | cut -d' ' -f3 | sort -u; echo end`,
      elevated,
    );
    expect(said).toBe("/home/alice\nalice crew\nalice\nalternatives\nroot\nend\nexit 0");
  });

  test("sudo is for elevated tasks, without a password, and as scripts use it", async () => {
    const script =
      "sudo id -u; sudo -n -E -H -S -u _azbatch -- id -un; sudo -nE X=1 sh -c 'echo $X'; sudo -u#1000 id -u; sudo -i sh -c 'cd; pwd'; sudo -v && echo may; sudo nothing-here; echo $?";
    const said = await output(script, elevated);
    expect(said).toMatch(/^0\n_azbatch\n1\n1000\n\/root\nmay\n.*\n127\nexit 0$/);
    expect(await output("sudo -n id -u")).toMatch(/not in the sudoers file.*\nexit 1$/);
  });

  test.skipIf(!existsSync("/usr/bin/systemctl"))("a service that needs systemd says so", async () => {
    expect(await output("systemctl start cron", elevated)).toMatch(/systemd as init.*\nexit 1$/s);
  });

  test("what of the machine is secret stays absent, also for who could read it in the node", async () => {
    const said = await output(
      `cat /etc/ssh/ssh_host_*_key /etc/ssl/private/* /etc/shadow- 2>&1 | grep -c PRIVATE
grep -c ':[$]' /etc/shadow; find /root /home -type f -size +0 | grep -v ^/home/alice/; ls /root /home`,
      elevated,
    );
    expect(said).toMatch(/^0\n0\n\/home:/);
  });

  test("of the disk a node takes what it has changed, and nothing of what it shares with others", async () => {
    const taken = (nodeKey: string) => {
      // Fails for an ordinary user, who cannot look into some of the folders; all but those is counted.
      const { stdout } = spawnSync("du", ["-sxk", `${bench.nodeRoot(nodeKey)}.root`], { encoding: "utf8" });
      return Number(stdout.split("\t", 1)) / 1024;
    };
    const before = { n1: taken("n1"), n2: taken("n2") };
    const said = await output(
      "head -c 20M /dev/zero >/usr/share/filling; du -sm /usr/bin | cut -f1",
      elevated,
    );
    expect(Number(said.split("\n", 1))).toBeGreaterThan(30);
    expect(taken("n1") - before.n1).toBeGreaterThan(19);
    expect(taken("n1") - before.n1).toBeLessThan(22);
    expect(taken("n2") - before.n2).toBeLessThan(1);
    expect(await output("ls /usr/share/filling", { nodeKey: "n2" })).toMatch(/exit 2$/);
  });

  test("a node that loses its programs harms nobody else, and a new image heals it", async () => {
    await output(
      "rm -rf /bin /sbin /etc /opt /var/lib /home /root /usr/bin /usr/sbin 2>/dev/null; :",
      elevated,
    );
    expect(statSync("/usr/bin/env").isFile()).toBe(true);
    expect(readFileSync(join(repository, "Packages"), "utf8")).toContain("greeter");
    expect(await output("id -un", { nodeKey: "n2" })).toBe("_azbatch\nexit 0");
    await stopNode("n1", false);
    await startNode("n1");
    expect(await output("id -un")).toBe("_azbatch\nexit 0");
  });
});
