/** A hostile program in a container (container-escape.c): against its node, against containers of another pool, against the machine. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BatchClient } from "../batch-client.ts";
import { batchyardBin } from "../batchyard-process.ts";
import { KillableService, until } from "../killable-service.ts";
import { rootObstacle } from "./namespace-nodes.ts";

const SOURCE = fileURLToPath(new URL("container-escape.c", import.meta.url));
const NAME = "escape:1";

const work = mkdtempSync(join(tmpdir(), "batchyard-escape-"));
const program = join(work, "escape");
const hasTools = ["skopeo", "umoci"].every((tool) => spawnSync(tool, ["--version"]).status === 0);
const canRun =
  rootObstacle === undefined && hasTools && spawnSync("cc", ["-static", "-o", program, SOURCE]).status === 0;
if (!canRun)
  console.warn("skipped: escapes from containers (no roots of nodes' own, no skopeo, umoci or static cc)");

describe.skipIf(!canRun)("a hostile program in a container", () => {
  let service: KillableService;
  let client: BatchClient;
  let tasks = 0;

  beforeAll(async () => {
    service = await KillableService.start({ parameters: ["--isolation", "namespace"] });
    client = new BatchClient(service.ready);
    const words = [batchyardBin, "image", "load", makeArchive(), "--name", NAME, "--data", service.folder];
    execFileSync(process.execPath, words, { stdio: "ignore" });
    for (const id of ["own", "other"]) {
      await client.insist("POST", "/pools", pool(id));
      await client.insist("POST", "/jobs", { id, poolInfo: { poolId: id } });
    }
    for (const job of ["own", "other"]) {
      await add(job, "victim", "/escape victim", {});
      await until("the victim to be ready", async () => outputOf(job, "victim") === "ready\n");
    }
  });

  afterAll(async () => {
    client?.close();
    await service?.dispose();
    rmSync(work, { recursive: true, force: true });
  });

  /** An OCI archive of nothing but the program, as a set-user-id one. */
  function makeArchive(): string {
    const layout = join(work, "layout");
    chmodSync(program, 0o4755);
    const umoci = (...words: string[]) => execFileSync("umoci", words, { stdio: "ignore" });
    umoci("init", "--layout", layout);
    umoci("new", "--image", `${layout}:1`);
    umoci("insert", "--image", `${layout}:1`, program, "/escape");
    execFileSync("tar", ["-C", layout, "-cf", join(work, "escape.tar"), "."]);
    return join(work, "escape.tar");
  }

  const pool = (id: string) => ({
    id,
    vmSize: "standard_d2s_v3",
    targetDedicatedNodes: 1,
    taskSlotsPerNode: 4,
    virtualMachineConfiguration: {
      imageReference: {
        publisher: "microsoft-azure-batch",
        offer: "ubuntu-server-container",
        sku: "20-04-lts",
      },
      nodeAgentSKUId: "batch.node.ubuntu 20.04",
      containerConfiguration: { type: "dockerCompatible", containerImageNames: [NAME] },
    },
  });

  async function add(job: string, id: string, commandLine: string, change: object): Promise<void> {
    const body = { id, commandLine, containerSettings: { imageName: NAME }, ...change };
    await client.insist("POST", `/jobs/${job}/tasks`, body);
  }

  function outputOf(job: string, id: string): string {
    const nodes = join(service.folder, "nodes");
    const files = (existsSync(nodes) ? readdirSync(nodes) : []).map((key) =>
      join(nodes, key, "workitems", job, "job-1", id, "stdout.txt"),
    );
    const file = files.find((path) => existsSync(path));
    return file === undefined ? "" : readFileSync(file, "utf8");
  }

  /** @returns what it got */
  async function attack(commandLine: string, change: object = {}): Promise<string[]> {
    const id = `t${++tasks}`;
    await add("own", id, commandLine, change);
    await until(`task ${id}`, async () => {
      const { json } = await client.send<{ state: string }>("GET", `/jobs/own/tasks/${id}`);
      return json.state === "completed";
    });
    const lines = outputOf("own", id).split("\n");
    expect(lines).toContain("end");
    return lines.filter((line) => line.startsWith("GOT"));
  }

  const elevated = { userIdentity: { autoUser: { elevationLevel: "admin", scope: "pool" } } };

  test("gets in its own container what it looks for", async () => {
    const options = { containerSettings: { imageName: NAME, containerRunOptions: "--network none" } };
    expect(await attack("/escape control", options)).toEqual([
      "GOT abstract socket",
      "GOT port",
      "GOT shared memory",
      "GOT /dev/shm",
    ]);
  });

  test.each([
    ["without elevation", {}],
    ["with elevation", elevated],
  ])("gets nothing of its node's, of another container's and of the machine %s", async (_, change) => {
    // Containers of one node share its network, as with --network host of other engines.
    expect(await attack("/escape", change)).toEqual(["GOT abstract socket", "GOT port"]);
  });

  test("gets nothing of another pool's", async () => {
    await client.insist("POST", "/jobs/own/tasks/victim/terminate", {});
    await until("the victim to be gone", async () => {
      const { json } = await client.send<{ state: string }>("GET", "/jobs/own/tasks/victim");
      return json.state === "completed";
    });
    for (const change of [{}, elevated]) expect(await attack("/escape", change)).toEqual([]);
  });
});
