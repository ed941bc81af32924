/** Containers of blobs that a pool mounts on its nodes: what tasks read and write there, as whom, and what they cannot get at. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jobBody, taskBody } from "../../wire/batch-bodies.fixture.ts";
import { BatchClient, type Json } from "../../wire/batch-client.fixture.ts";
import {
  asIdentity,
  IdentityStorage,
  identityStorageSeed,
  STORAGE_ID,
} from "../../wire/blob/identity-storage.fixture.ts";
import { STORAGE_ACCOUNT } from "../../wire/blob/storage.fixture.ts";
import { eventually } from "../../wire/eventually.fixture.ts";
import { type RunningService, runningService } from "../../wire/running-service.fixture.ts";
import { blobMount, mountsObstacle } from "./mounts.fixture.ts";

const AS_ADMIN = { userIdentity: { autoUser: { elevationLevel: "admin" } } };

/** Azure's own client, unmodified, in a program that trusts the service. */
const READ = `import { BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";
const { ENDPOINT, ACCOUNT, KEY, BLOB } = process.env;
const blobs = new BlobServiceClient(ENDPOINT, new StorageSharedKeyCredential(ACCOUNT, KEY));
process.stdout.write(await blobs.getContainerClient("outputs").getBlobClient(BLOB).downloadToBuffer());`;

describe.skipIf(mountsObstacle !== undefined)("a pool that mounts containers", () => {
  let service: RunningService;
  let storage: IdentityStorage;
  let batch: BatchClient;
  let key: string;

  beforeAll(async () => {
    service = await runningService({ seed: identityStorageSeed, isolation: "namespace" });
    storage = await IdentityStorage.prepare(service);
    batch = await BatchClient.connect(service);
    const keys = await storage.arm.send("POST", `${STORAGE_ID}/listKeys`, { version: "2023-01-01" });
    key = keys.json.keys[0].value;
    await storage.put("inputs/one.txt", "one");
    await storage.put("inputs/deep/two.txt", "two");
    await storage.addPool("p", ["writer", "reader"], {
      startTask: {
        commandLine: "/bin/sh -c 'cat $AZ_BATCH_NODE_MOUNTS_DIR/in/one.txt'",
        waitForSuccess: true,
      },
      mountConfiguration: [
        blobMount("outputs", "out", { accountKey: key, blobfuseOptions: "-o attr_timeout=1 -o allow_other" }),
        blobMount("inputs", "in", asIdentity("reader")),
        blobMount("inputs", "read/only", { accountKey: key, blobfuseOptions: "-o ro --subdirectory=deep" }),
      ],
    });
    await batch.post("/jobs", jobBody("j", "p"));
  }, 60_000);
  afterAll(async () => {
    batch?.close();
    storage?.close();
    await service?.close();
  });

  let tasks = 0;
  async function run(script: string, change: object = {}): Promise<string> {
    const id = `t${++tasks}`;
    await batch.post("/jobs/j/tasks", taskBody(id, script, change));
    await batch.until(`/jobs/j/tasks/${id}`, ({ state }) => state === "completed");
    const said = await Promise.all(
      ["stdout", "stderr"].map((name) => batch.send("GET", `/jobs/j/tasks/${id}/files/${name}.txt`)),
    );
    return said.map(({ text }) => text).join("");
  }
  const node = (pool: string, ...states: readonly string[]): Promise<Json> =>
    eventually(`a node of ${pool} to be ${states.join(" or ")}`, async () => {
      const [found] = (await batch.get(`/pools/${pool}/nodes`)).value;
      return states.includes(found?.state) && found;
    });

  test("its tasks and its start task read blobs and write some, which Azure's client sees", async () => {
    const { id } = await node("p", "idle");
    expect((await batch.send("GET", `/pools/p/nodes/${id}/files/startup/stdout.txt`)).text).toBe("one");
    const script = `cd $AZ_BATCH_NODE_MOUNTS_DIR; cat in/one.txt in/deep/two.txt read/only/two.txt; ls read/only
mkdir out/made; echo new >out/made/new.txt; head -c 3000000 /dev/zero >out/big; ls out`;
    expect(await run(script)).toBe("onetwotwotwo.txt\nbig\nmade\n");
    const { ready } = service;
    const env = {
      ...process.env,
      NODE_EXTRA_CA_CERTS: ready.caFile,
      ENDPOINT: ready.blob ?? "",
      ACCOUNT: STORAGE_ACCOUNT,
      KEY: key,
      BLOB: "made/new.txt",
    };
    await eventually("the blob", async () => (await storage.content("outputs/made/new.txt")) !== 404);
    const read = promisify(execFile)(process.execPath, ["--input-type=module", "-e", READ], { env });
    expect((await read).stdout).toBe("new\n");
    await eventually("all of the large one", async () => {
      const { headers } = await storage.send("HEAD", "outputs/big");
      return headers["content-length"] === "3000000";
    });
    await storage.put("outputs/later", "later");
    const later =
      "until [ -e $AZ_BATCH_NODE_MOUNTS_DIR/out/later ]; do sleep 0.1; done; cat $AZ_BATCH_NODE_MOUNTS_DIR/out/later";
    expect(await run(later, AS_ADMIN)).toBe("later");
  });

  test("what is mounted to be read is not written to, nor what the identity may only read", async () => {
    const script = `cd $AZ_BATCH_NODE_MOUNTS_DIR; (echo x >read/only/x) 2>/dev/null || echo no
rm in/one.txt 2>/dev/null || echo no`;
    expect(await run(script)).toBe("no\nno\n");
    expect(await storage.content("inputs/one.txt")).toBe("one");
  });

  test("nobody on the node finds the key, opens the way to it, or takes the mounts away", async () => {
    const half = Math.floor(key.length / 2);
    const script = `cd $AZ_BATCH_TASK_WORKING_DIR; printf '%s%s' '${key.slice(0, half)}' '${key.slice(half)}' >/dev/shm/pattern
for f in /proc/[0-9]*/environ /proc/[0-9]*/cmdline /proc/*/mountinfo; do grep -qsF -f /dev/shm/pattern $f && echo GOT $f; done
grep -rlsF -f /dev/shm/pattern $AZ_BATCH_NODE_ROOT_DIR/fsmounts/*.log $AZ_BATCH_NODE_ROOT_DIR/startup /etc /run /tmp /var && echo GOT files
rm /dev/shm/pattern; ls /dev/fuse 2>/dev/null && echo GOT fuse
pgrep rclone 2>/dev/null && echo GOT the program
umount $AZ_BATCH_NODE_MOUNTS_DIR/in 2>/dev/null && echo GOT away
mount -o remount,suid,dev $AZ_BATCH_NODE_MOUNTS_DIR/in 2>/dev/null && echo GOT suid
grep -c "fsmounts.* rw,nosuid,nodev\\|fsmounts.* ro,nosuid,nodev" /proc/self/mountinfo; ls $AZ_BATCH_NODE_MOUNTS_DIR/in/deep`;
    expect(await run(script, AS_ADMIN)).toBe("3\ntwo.txt\n");
  });

  test("the agent's death takes the mounts and their programs along, and the node comes back with new ones", async () => {
    const programs = mountPrograms(service.folder);
    expect(programs).toHaveLength(3);
    process.kill(agentPid(service), "SIGKILL");
    const isGone = (pid: number) => !mountPrograms(service.folder).includes(pid);
    await eventually("the end of the programs", () => programs.every(isGone));
    expect(readFileSync("/proc/self/mountinfo", "utf8")).not.toContain(service.folder);
    expect(await run("cat $AZ_BATCH_NODE_MOUNTS_DIR/in/one.txt")).toBe("one");
  });

  test("a mount that answers no more holds up what waits for it, and nothing else; its node goes when it is told to", async () => {
    await storage.addPool("wedged", ["reader"], {
      mountConfiguration: [blobMount("inputs", "in", asIdentity("reader"))],
    });
    const before = mountPrograms(service.folder);
    const { id } = await node("wedged", "idle");
    const [wedged = 0] = mountPrograms(service.folder).filter((pid) => !before.includes(pid));
    process.kill(wedged, "SIGSTOP");
    await batch.post("/jobs", jobBody("w", "wedged"));
    await batch.post("/jobs/w/tasks", taskBody("waits", "ls $AZ_BATCH_NODE_MOUNTS_DIR/in"));
    await batch.until("/jobs/w/tasks/waits", ({ state }) => state === "running");
    const files = await batch.send("GET", `/pools/wedged/nodes/${id}/files?recursive=true`);
    expect(files.status).toBe(200);
    expect(files.text).toContain("fsmounts/blobfuse-in.log");
    expect(await run("echo others go on")).toBe("others go on\n");
    expect((await batch.send("DELETE", "/pools/wedged")).status).toBe(202);
    await eventually(
      "the end of the pool",
      async () => (await batch.send("GET", "/pools/wedged")).status === 404,
    );
    expect(mountPrograms(service.folder)).not.toContain(wedged);
  });

  test("a mount whose program ends makes its node unusable", async () => {
    const [program = 0] = mountPrograms(service.folder);
    process.kill(program, "SIGKILL");
    const { errors } = await node("p", "unusable");
    expect(errors[0]).toMatchObject({
      code: "MountConfigurationError",
      errorDetails: [{ name: "Message" }, { name: "MountConfigurationPath" }],
    });
  });

  test("one that cannot be mounted makes the node unusable, and says why without the secret", async () => {
    const wrong = Buffer.alloc(64, 7).toString("base64");
    const cases = [
      ["wrong-key", blobMount("inputs", "S", { accountKey: wrong }), /^AuthenticationFailed/],
      ["no-container", blobMount("missing", "S", { accountKey: key }), /^ContainerNotFound/],
      ["no-role", blobMount("inputs", "S", asIdentity("nothing")), /^AuthorizationPermissionMismatch/],
      [
        "no-program",
        { nfsMountConfiguration: { source: "192.0.2.1:/share", relativeMountPath: "S" } },
        /mount\.nfs|kernel has no nfs/,
      ],
    ] as const;
    for (const [pool, mount] of cases)
      await storage.addPool(pool, ["nothing"], { mountConfiguration: [mount] });
    for (const [pool, , reason] of cases) {
      const { errors } = await node(pool, "unusable", "idle");
      expect(errors, pool).toHaveLength(1);
      expect(errors[0].code).toBe("MountConfigurationError");
      const details = Object.fromEntries(errors[0].errorDetails.map((one: Json) => [one.name, one.value]));
      expect(details.MountConfigurationPath).toBe("S");
      expect(details.Message).toMatch(reason);
      expect(JSON.stringify(errors)).not.toContain(wrong.slice(0, 20));
    }
  }, 60_000);
});

/** Of the programs that serve the mounts of a service's nodes. */
function mountPrograms(folder: string): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        return words[0]?.endsWith("rclone") && words.some((word) => word.includes(folder));
      } catch {
        return false;
      }
    });
}

function agentPid({ log }: RunningService): number {
  const pid = log
    .map((line) => /^agent (\d+) started/.exec(line)?.[1])
    .findLast((found) => found !== undefined);
  return Number(pid);
}
