/** The published package, as `npm install` gives it: no sources, no dev dependencies, types stripped. */
import { execFile, spawnSync } from "node:child_process";
import { cp, mkdir, readFile, symlink } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ArmClient } from "../wire/arm-client.fixture.ts";
import type { RunningService } from "../wire/running-service.fixture.ts";
import { BatchClient } from "./batch-client.ts";
import { batchyard, batchyardBin, temporaryFolder, up } from "./batchyard-process.ts";
import { until } from "./killable-service.ts";

const MISSING_AZURITE = "Blob storage needs Azurite, which is not installed: npm install azurite";
const tmp = await temporaryFolder();
afterAll(tmp.remove);

const repository = join(dirname(batchyardBin), "..");
const user = join(tmp.path, "user");
const bin = join(user, "node_modules/batchyard/bin/batchyard.js");
const withThisNode = {
  ...process.env,
  PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
};

/** Built in a copy: a build in the working tree would be picked up by whatever runs there. */
beforeAll(async () => {
  const copy = join(tmp.path, "copy");
  const parts = [
    "bin",
    "src",
    "examples",
    "native",
    "portal",
    "tools",
    "package.json",
    "tsconfig.json",
    "tsconfig.client.json",
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
  ];
  // What another test may be building just now is left out: the copy builds its own.
  const notCopied = ["dist", "node_modules"].map((name) => join(repository, "portal", name));
  const filter = (source: string) => !notCopied.some((path) => source.startsWith(path));
  for (const part of parts) await cp(join(repository, part), join(copy, part), { recursive: true, filter });
  for (const packages of ["node_modules", "portal/node_modules"])
    await symlink(join(repository, packages), join(copy, packages));
  await mkdir(user);
  const npm = (cwd: string, ...words: string[]) =>
    promisify(execFile)("npm", [...words, "--loglevel=error"], { cwd, env: withThisNode });
  // npm's last line names the tarball.
  const { stdout } = await npm(copy, "pack", "--pack-destination", tmp.path);
  const tarball = join(tmp.path, stdout.trim().split("\n").at(-1) ?? "");
  await npm(user, "install", "--prefer-offline", "--no-audit", "--no-fund", tarball);
}, 180_000);

describe("the published package", () => {
  it("gives programs its client, with types", async () => {
    const program = 'import { BatchClient } from "batchyard/client"; console.log(typeof BatchClient.open);';
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--input-type=module", "--eval", program],
      { cwd: user },
    );
    expect(stdout.trim()).toBe("function");
    const declarations = join(user, "node_modules/batchyard/dist/client/index.d.ts");
    expect(await readFile(declarations, "utf8")).toContain('from "./batch-client.js"');
  });

  it("starts on this Node, says so in one line, and stops", async () => {
    const data = join(tmp.path, "state");
    const service = await up(["--data", data], { bin, cwd: user });
    expect(service.ready.ready).toBe(true);
    expect((await batchyard(["status", "--data", data], { bin, cwd: user })).code).toBe(0);
    expect((await batchyard(["stop", "--data", data], { bin, cwd: user })).code).toBe(0);
    expect(await service.ended).toMatchObject({ code: 0, signal: null });
  });

  it("tells the task and the upload that need blobs which package brings them", async () => {
    const service = await up(["--data", join(tmp.path, "no-azurite")], { bin, cwd: user });
    const client = new BatchClient(service.ready);
    try {
      await client.addPool("p", 1, 1);
      await client.addJob("j", "p");
      const resourceFiles = [{ autoStorageContainerName: "inputs" }];
      await client.addTasks("j", [{ id: "t", commandLine: "/bin/true", resourceFiles }]);
      const task = await until("the task's end", async () => {
        const found = await client.task("j", "t");
        return found.state === "completed" && found;
      });
      const { failureInfo } = task.executionInfo ?? {};
      expect(failureInfo).toMatchObject({ code: "ResourceContainerListMiscError" });
      expect(JSON.stringify(failureInfo)).toContain(MISSING_AZURITE);

      const running = { ready: service.ready, ca: await readFile(service.ready.caFile, "utf8") };
      const { clientId, clientSecret, subscriptionId, resourceGroup, account } = service.ready;
      const arm = await ArmClient.signIn(running as RunningService, {
        clientId: clientId ?? "",
        clientSecret: clientSecret ?? "",
      });
      const application = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Batch/batchAccounts/${account}/applications/a`;
      const put = (path: string) => arm.send("PUT", path, { version: "2024-07-01", body: {} });
      expect((await put(application)).status).toBe(200);
      const refused = await put(`${application}/versions/1`);
      expect(refused.status).toBe(503);
      expect(refused.json.error.message).toContain(MISSING_AZURITE);
    } finally {
      client.close();
      await service.stop();
    }
  }, 90_000);

  it("runs its demo with nothing else installed", async () => {
    const { code, stdout, stderr } = await batchyard(["demo"], { bin, cwd: user });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^9592 primes below 100,000\.$/m);
  });

  const older = olderNode();
  it.skipIf(older === undefined)("says in one line what an older Node lacks", async () => {
    const attempt = await batchyard(["up"], {
      bin,
      cwd: user,
      ...(older !== undefined && { node: older }),
      environment: { ...process.env, PATH: "/nowhere" },
    });
    expect(attempt).toMatchObject({ code: 1, stdout: "" });
    expect(attempt.stderr).toMatch(/^batchyard: needs Node\.js 24 or newer; [^\n]+\n$/);
  });

  it.skipIf(older === undefined)("hands over from an older Node to a newer one on PATH", async () => {
    const passed = await batchyard(["status", "--json", "--data", join(tmp.path, "nothing")], {
      bin,
      cwd: user,
      ...(older !== undefined && { node: older }),
      environment: withThisNode,
    });
    expect(passed).toMatchObject({ code: 3, stderr: "" });
    expect(JSON.parse(passed.stdout)).toMatchObject({ running: false });
  });
});

/** The system's own Node, where it is too old. */
function olderNode(): string | undefined {
  const path = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.includes("node_modules"))
    .map((folder) => join(folder, "node"))
    .find((file) => spawnSync(file, ["--version"]).status === 0);
  const version = path && spawnSync(path, ["--version"], { encoding: "utf8" }).stdout;
  const major = Number(/^v(\d+)/.exec(version ?? "")?.[1] ?? 24);
  if (major < 24) return path;
  console.warn("no Node older than 24 on PATH: the tests that need one are skipped");
  return undefined;
}
