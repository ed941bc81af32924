/** Tasks in containers: an image is loaded from an archive, a pool names it, and its tasks see it instead of their node's programs. */
import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BatchClient, type TaskResource } from "../batch-client.ts";
import { KillableService, until } from "../killable-service.ts";
import { BUSYBOX, makeBoxArchive } from "./box-image.fixture.ts";
import { containerPool } from "./container-pool.fixture.ts";
import { rootObstacle } from "./namespace-nodes.ts";

const BATCHYARD = fileURLToPath(new URL("../../../bin/batchyard.js", import.meta.url));
const NAME = "registry.example/team/box:1";

const hasTools =
  ["skopeo", "umoci"].every((program) => spawnSync(program, ["--version"]).status === 0) &&
  existsSync(BUSYBOX);
if (rootObstacle !== undefined) console.warn(`skipped, no roots of nodes' own here: ${rootObstacle}`);
else if (!hasTools) console.warn("skipped: no skopeo, umoci and busybox-static");

describe.skipIf(rootObstacle !== undefined || !hasTools)("a pool with an image", () => {
  let service: KillableService;
  let client: BatchClient;
  let work: string;
  let tasks = 0;

  beforeAll(async () => {
    work = mkdtempSync(join(tmpdir(), "batchyard-image-"));
    service = await KillableService.start({ parameters: ["--isolation", "namespace"] });
    client = new BatchClient(service.ready);
    const loaded = image("load", makeBoxArchive(work));
    expect(loaded).toContain("team/box:1");
    await client.send("POST", "/pools", pool("p", [NAME]));
    await client.send("POST", "/jobs", { id: "j", poolInfo: { poolId: "p" } });
  });

  afterAll(async () => {
    client?.close();
    await service?.dispose();
    rmSync(work, { recursive: true, force: true });
  });

  function image(...words: string[]): string {
    return execFileSync(process.execPath, [BATCHYARD, "image", ...words, "--data", service.folder], {
      encoding: "utf8",
    });
  }

  const pool = (id: string, containerImageNames: readonly string[], type = "dockerCompatible") =>
    containerPool(id, { containerImageNames, type });

  /** @returns the finished task and what it wrote */
  async function run(
    commandLine: string,
    change: object = {},
    settings: object = {},
  ): Promise<[TaskResource, string]> {
    const id = `t${++tasks}`;
    const body = { id, commandLine, containerSettings: { imageName: "team/box:1", ...settings }, ...change };
    const added = await client.send("POST", "/jobs/j/tasks", body);
    expect(added.status, JSON.stringify(added.json)).toBe(201);
    return [await taskIn("completed", id), outputOf(id)];
  }

  function taskIn(state: "running" | "completed", id: string): Promise<TaskResource> {
    return until(`task ${id} to be ${state}`, async () => {
      const { json } = await client.send<TaskResource>("GET", `/jobs/j/tasks/${id}`);
      return json.state === state && json;
    });
  }

  function outputOf(id: string, job = "j"): string {
    const nodes = join(service.folder, "nodes");
    const folder = join("workitems", job, "job-1", id);
    const key = readdirSync(nodes).find((name) => existsSync(join(nodes, name, folder)));
    const file = join(nodes, key ?? "", folder, "stdout.txt");
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }

  test("a task sees the image, its own folder and variables, and ends with its command's exit code", async () => {
    const environmentSettings = [{ name: "GREETING", value: "hello" }];
    const script =
      "cat /image.txt; echo $GREETING $FROM_IMAGE; id -u; pwd; echo $AZ_BATCH_TASK_WORKING_DIR; ls /; ls /usr/bin/python3; echo kept >file; exit 3";
    const [task, said] = await run(`sh -c "${script}"`, { environmentSettings });
    const [text, greeting, uid, folder, variable, ...entries] = said.split("\n");
    expect([text, greeting, uid]).toEqual(["in the image", "hello image", "1000"]);
    expect(folder).toBe(variable);
    expect(entries.join(" ")).not.toMatch(/usr\/bin\/python3|opt/);
    expect(task.executionInfo).toMatchObject({ exitCode: 3 });
    const files = await client.send("GET", `/jobs/j/tasks/${task.id}/files?recursive=true`);
    expect(JSON.stringify(files.json)).toContain("wd/file");
  });

  test("a command runs by the image's entry point, in the image's folder if that is asked for", async () => {
    const [, said] = await run("pwd", {}, { workingDirectory: "containerImageDefault" });
    expect(said).toBe("entered\n/srv\n");
  });

  test("elevation decides the user, and what one container changes the next does not see", async () => {
    const elevated = { userIdentity: { autoUser: { elevationLevel: "admin" } } };
    expect((await run("sh -c 'id -u; echo x >/changed; echo x >/image.txt'", elevated))[1]).toBe("0\n");
    expect((await run("sh -c 'cat /image.txt; ls /changed || echo gone'"))[1]).toBe("in the image\ngone\n");
    const [task] = await run("sh -c 'echo x >/image.txt'");
    expect(task.executionInfo).toMatchObject({ exitCode: 1 });
  });

  test("nothing of the machine, of its node's programs and of the store of images is seen, also with elevation", async () => {
    const paths = [
      "/.images",
      "/.containers",
      "/usr/bin/python3",
      "/var/lib/dpkg",
      `${service.folder}/state.db`,
      `${service.folder}/images`,
    ];
    const script = paths.map((path) => `ls ${path} >/dev/null 2>&1 && echo GOT ${path}`).join("; ");
    const elevated = { userIdentity: { autoUser: { elevationLevel: "admin" } } };
    expect((await run(`sh -c "${script}; echo end"`, elevated))[1]).toBe("end\n");
  });

  test("a container sees its node's certificates also when the machine has replaced the file since", async () => {
    const bundle = join(service.folder, "bundle.pem");
    const before = readFileSync(bundle, "utf8");
    const seen = async (change: object = {}) =>
      (await run("sh -c 'tail -n 1 $SSL_CERT_FILE; wc -c <$SSL_CERT_FILE'", change))[1];
    const expected = `-----END CERTIFICATE-----\n${before.length}\n`;
    expect(await seen()).toBe(expected);
    writeFileSync(`${bundle}.new`, `${before}replaced\n`);
    renameSync(`${bundle}.new`, bundle);
    expect(await seen()).toBe(expected);
    expect(await seen({ userIdentity: { autoUser: { elevationLevel: "admin" } } })).toBe(expected);
  });

  test("a task without container settings runs on the node itself", async () => {
    const id = `t${++tasks}`;
    await client.send("POST", "/jobs/j/tasks", {
      id,
      commandLine: "/bin/sh -c 'ls /image.txt || echo node'",
    });
    await taskIn("completed", id);
    expect(outputOf(id)).toBe("node\n");
  });

  test("tasks of every kind are in containers, in pools of either type", async () => {
    const writes = (kind: string) => ({
      commandLine: `sh -c 'echo ${kind} $(cat /image.txt) >>$AZ_BATCH_NODE_SHARED_DIR/kinds'`,
      containerSettings: { imageName: NAME },
    });
    const startTask = { ...writes("start"), waitForSuccess: true };
    await client.insist("POST", "/pools", { ...pool("kinds", [NAME], "criCompatible"), startTask });
    await client.insist("POST", "/jobs", {
      id: "kinds",
      poolInfo: { poolId: "kinds" },
      jobPreparationTask: { id: "prepare", ...writes("preparation") },
      jobManagerTask: { id: "manager", ...writes("manager"), killJobOnCompletion: true },
      jobReleaseTask: { id: "release", ...writes("release") },
    });
    await until("the release task", async () => {
      const { json } = await client.send<{ value: { jobReleaseTaskExecutionInfo?: { state: string } }[] }>(
        "GET",
        "/jobs/kinds/jobpreparationandreleasetaskstatus",
      );
      return json.value[0]?.jobReleaseTaskExecutionInfo?.state === "completed";
    });
    await client.insist("POST", "/jobs", { id: "look", poolInfo: { poolId: "kinds" } });
    await client.insist("POST", "/jobs/look/tasks", {
      id: "look",
      commandLine: "/bin/sh -c 'cat $AZ_BATCH_NODE_SHARED_DIR/kinds'",
    });
    await until("the task that looks", async () => (await client.counts("look")).completed === 1);
    const kinds = ["start", "preparation", "manager", "release"];
    expect(outputOf("look", "look")).toBe(kinds.map((kind) => `${kind} in the image\n`).join(""));
    await client.insist("DELETE", "/pools/kinds");
  });

  test("a container reaches the service by the name that its task is given", async () => {
    const [task, url] = await run("sh -c 'echo $AZ_BATCH_ACCOUNT_URL'");
    expect(task.executionInfo?.exitCode).toBe(0);
    const { hostname, port } = new URL(url.trim());
    const reach = async (name: string) =>
      (await run(`sh -c 'nc -w 5 ${name} ${port || 443} </dev/null && echo reached'`))[1];
    expect(await reach(hostname)).toBe("reached\n");
    expect(await reach("nowhere.invalid")).toBe("");
  });

  test("a task's time is over in its container too", async () => {
    const [{ executionInfo }] = await run("sleep 987653", { constraints: { maxWallClockTime: "PT0.2S" } });
    expect(executionInfo?.failureInfo?.code).toBe("TaskEnded");
    await expect.poll(() => spawnSync("pgrep", ["-f", "sleep 987653"]).status).toBe(1);
  });

  test("a task that is terminated is gone with its container", async () => {
    const id = `t${++tasks}`;
    const body = { id, commandLine: "sleep 987654", containerSettings: { imageName: NAME } };
    await client.send("POST", "/jobs/j/tasks", body);
    await taskIn("running", id);
    await client.send("POST", `/jobs/j/tasks/${id}/terminate`);
    await taskIn("completed", id);
    await expect.poll(() => spawnSync("pgrep", ["-f", "sleep 987654"]).status).toBe(1);
  });

  test("an image that the pool has not named, and one that is not here, are refused by their name", async () => {
    const [task] = await run("true", {}, { imageName: "other:1" });
    expect(task.executionInfo).toMatchObject({ failureInfo: { code: "ContainerInvalidImage" } });
    await client.send("POST", "/pools", pool("missing", ["other:1"]));
    const unusable = await until("the node to be unusable", async () => {
      const { json } = await client.send<{ value: { state: string; errors?: unknown }[] }>(
        "GET",
        "/pools/missing/nodes",
      );
      return json.value[0]?.state === "unusable" && json.value[0];
    });
    expect(unusable.errors).toMatchObject([{ code: "ContainerInvalidImage" }]);
    await client.send("DELETE", "/pools/missing");
  });

  test("what is not done is refused by its name", async () => {
    const refusal = async (settings: object) => {
      const containerSettings = { imageName: NAME, ...settings };
      const body = { id: "no", commandLine: "true", containerSettings };
      const { status, json } = await client.send("POST", "/jobs/j/tasks", body);
      return [status, JSON.stringify(json)];
    };
    for (const option of ["--device", "--pid", "--gpus"]) {
      const [status, said] = await refusal({ containerRunOptions: `${option} all` });
      expect(status).toBe(400);
      expect(said).toContain(option);
      expect(said).toContain("containerRunOptions");
    }
    const mounts = [{ isReadOnly: true }];
    expect((await refusal({ containerHostBatchBindMounts: mounts }))[1]).toContain("source");
  });

  test("run options decide about variables, folders, user, name, entry point and limits", async () => {
    const shell = (script: string, containerRunOptions: string, change: object = {}) =>
      run(`sh -c '${script}'`, change, { containerRunOptions }).then(([, said]) => said);
    const elevated = { userIdentity: { autoUser: { elevationLevel: "admin" } } };
    const options =
      "--rm -e A='a b' --env=FROM_IMAGE=own -w /made --entrypoint '' -h box --ulimit nofile=99:100";
    const script =
      "echo $A $FROM_IMAGE; pwd; cat /proc/sys/kernel/hostname; ulimit -n; ulimit -Hn; touch x && echo writes";
    expect(await shell(script, options)).toBe("a b own\n/made\nbox\n99\n100\nwrites\n");
    expect(await shell("id -u; id -g", "-u 1234:1235")).toBe("1234\n1235\n");
    expect(await shell("id -u; id -g", "-u 1234:0")).toBe("1234\n0\n");
    expect(await shell("id -u; pwd; touch x && echo writes", "--rm --workdir /covalent -u 0")).toBe(
      "0\n/covalent\nwrites\n",
    );
    expect(await shell("id -u; id -g", "--user svc", elevated)).toBe("77\n78\n");
    expect(
      await shell("echo; : >$AZ_BATCH_TASK_WORKING_DIR/f; ls $AZ_BATCH_TASK_WORKING_DIR", "-u 1234"),
    ).toContain("f");
    const limited =
      'ulimit -d; nproc; df -k /dev/shm | tail -1 | tr -s " " | cut -d" " -f2; mount | grep -c " /scratch "';
    const said = await shell(limited, "-m 64m --cpus 0.5 --shm-size 8m --tmpfs /scratch:size=1m");
    expect(said).toBe("65536\n1\n8192\n1\n");
    // The loopback of a network of its own, in which nothing answers.
    expect(
      await shell(
        "cat /proc/net/dev | grep -c :; wget -q -T 2 -O - http://169.254.169.254/ || echo alone",
        "--network none",
      ),
    ).toBe("1\nalone\n");
  });

  test("folders of the node are mounted as the task's user, and missing ones are made where that user may", async () => {
    const mount = async (containerRunOptions: string, script: string, change: object = {}) =>
      (await run(`sh -c '${script}'`, change, { containerRunOptions }))[1];
    const root = join(
      service.folder,
      "nodes",
      readdirSync(join(service.folder, "nodes")).find((name) => /^\d+$/.test(name)) ?? "",
    );
    const options = `-v ${root}/shared/new:/new -v /mnt/batch/tasks/shared/new:/again:ro -v /etc/pki:/etc/pki:ro`;
    const script =
      "echo x >/new/f; cat /again/f; echo y >/again/g || echo read-only; ls -d /etc/pki; ls /mnt/batch/tasks/shared";
    expect(await mount(options, script)).toBe("x\nread-only\n/etc/pki\nnew\n");
    const [task] = await run("true", {}, { containerRunOptions: "-v /.containers/1:/theirs" });
    expect(task.executionInfo).toMatchObject({ failureInfo: { code: "ContainerMiscError" } });
    expect(task.executionInfo?.containerInfo).toMatchObject({ state: "created" });
    for (const asked of ["--privileged", "--cap-add SYS_ADMIN"]) {
      const [refused] = await run("true", {}, { containerRunOptions: asked });
      expect(refused.executionInfo, asked).toMatchObject({
        failureInfo: { code: "ContainerInvalidSettings" },
      });
    }
  });

  test("variables come from a file that the task may read", async () => {
    await run(
      "sh -c 'echo F=from file >$AZ_BATCH_NODE_SHARED_DIR/e; echo F=secret >$AZ_BATCH_NODE_SHARED_DIR/s; chmod 600 $AZ_BATCH_NODE_SHARED_DIR/s'",
      {
        userIdentity: { autoUser: { elevationLevel: "admin" } },
      },
    );
    const from = (file: string) => run("sh -c 'echo $F'", {}, { containerRunOptions: `--env-file ${file}` });
    expect((await from("/mnt/batch/tasks/shared/e"))[1]).toBe("from file\n");
    for (const file of ["/mnt/batch/tasks/shared/s", "/etc/passwd"])
      expect((await from(file))[0].executionInfo).toMatchObject({
        failureInfo: { code: "ContainerInvalidSettings" },
      });
  });

  test("of the node's folders a container sees those that its task names", async () => {
    const seen = async (containerHostBatchBindMounts: object[]) => {
      const script =
        "ls -A $AZ_BATCH_NODE_ROOT_DIR; touch $AZ_BATCH_NODE_SHARED_DIR/t && echo writes; touch w && echo works";
      return (await run(`sh -c '${script}'`, {}, { containerHostBatchBindMounts }))[1];
    };
    expect(await seen([{ source: "Shared", isReadOnly: true }, { source: "Task" }])).toBe(
      "shared\nworkitems\nworks\n",
    );
    expect(await seen([])).toBe("workitems\nworks\n");
  });

  test("a command line that is empty or missing is the image's own command", async () => {
    for (const commandLine of ["", undefined]) {
      const [task, said] = await run("x", { commandLine });
      expect([task.commandLine, said]).toEqual(["", "the image's own\n"]);
    }
    const bare = { id: "bare", commandLine: " " };
    expect((await client.send("POST", "/jobs/j/tasks", bare)).status).toBe(400);
  });

  test("a task tells of its container; one without has none", async () => {
    const [task] = await run("true");
    const info = task.executionInfo?.containerInfo;
    expect(info).toMatchObject({ state: "exited", error: "" });
    expect(info?.containerId).toMatch(/^[0-9a-f]{64}$/);
    expect((await run("true"))[0].executionInfo?.containerInfo?.containerId).not.toBe(info?.containerId);
  });

  test("a hostile image and task get no further than their node, with elevation or without", async () => {
    const elevated = { userIdentity: { autoUser: { elevationLevel: "admin" } } };
    const init = "/proc/1/root";
    const attempts = [
      "mount -o remount,rw /sys",
      `mount -o remount,bind,rw ${init}/.images`,
      "mount -t cgroup2 none /srv && : >/srv/cgroup.procs",
      "mknod /srv/disk b 254 0 && cat /srv/disk",
      "mknod /srv/mem c 1 1 && cat /srv/mem",
      "cat /dev/mem /dev/kmsg /dev/fuse /dev/vda",
      "echo x >/proc/sys/kernel/core_pattern",
      "echo b >/proc/sysrq-trigger",
      `ls ${init}/.images`,
      "ls /proc/1/cwd/../../.containers",
      "chroot /proc/1/root ls /.images-lent",
      "umount /dev && cat /dev/vda",
      "ls /proc/*/root/var/lib/dpkg",
      `ls ${service.folder}/state.db /srv/out${service.folder}/state.db`,
    ];
    const script = [
      ...attempts.map((attempt) => `(${attempt}) >/dev/null 2>&1 && echo "GOT ${attempt}"`),
      "echo end",
    ];
    for (const change of [elevated, {}]) {
      const environmentSettings = [{ name: "SCRIPT", value: script.join("\n") }];
      expect((await run(`sh -c 'eval "$SCRIPT"'`, { ...change, environmentSettings }))[1]).toBe("end\n");
    }
    // Set-user-id programs are container-escape.test.ts's; those of busybox give up by themselves what they are given.
    const [, said] = await run("sh -c 'grep CapEff /proc/self/status'");
    expect(said.replace(/\s+/g, " ")).toBe("CapEff: 0000000000000000 ");
    const [linked] = await run("sh -c 'ln -s /image.txt link; ln -s / root'");
    for (const path of ["wd/link", "wd/root/etc/shadow"]) {
      const { status } = await client.send(
        "GET",
        `/jobs/j/tasks/${linked.id}/files/${encodeURIComponent(path)}`,
      );
      expect(status, path).toBe(404);
    }
  });

  test("what one container shares in memory the next does not find", async () => {
    await run("sh -c 'echo x >/dev/shm/left; echo x >/tmp/left; echo x >/run/left 2>/dev/null; true'");
    expect((await run("sh -c 'ls /dev/shm /tmp /run'"))[1]).not.toContain("left");
  });

  test("what docker save writes is loaded too", async () => {
    const archive = join(work, "saved.tar");
    const words = ["copy", "--quiet", "--insecure-policy", `oci:${join(work, "layout")}:team/box:1`];
    execFileSync("skopeo", [...words, `docker-archive:${archive}:saved:2`]);
    expect(image("load", archive)).toContain("saved:2");
    expect((await run("", {}, { imageName: "registry.example/saved:2" }))[1]).toBe("the image's own\n");
    image("remove", "saved:2");
  });

  test("images are listed, and removed by any of their names", () => {
    expect(image("list")).toMatch(/^[0-9a-f]{12} {2}team\/box:1\n$/);
    expect(image("remove", "docker.io/team/box:1")).toBe("");
    expect(image("list")).toBe("");
  });
});
