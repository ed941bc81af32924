/** A start that cannot succeed says why in one line, ends with an exit code, and disturbs nobody. */
import { once } from "node:events";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { BatchClient } from "../batch-client.ts";
import { batchyard, batchyardBin, type Ended, firstLine, spawnBatchyard } from "../batchyard-process.ts";
import { freePorts, KillableService, processesNaming, until } from "../killable-service.ts";

const folder = mkdtempSync(join(tmpdir(), "batchyard-start-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const isRoot = process.geteuid?.() === 0;
const NOBODY = 65_534;

function expectOneLine({ code, stdout, stderr }: Ended, what: RegExp): void {
  expect(stderr).toMatch(/^batchyard up: [^\n]+\n$/);
  expect(stderr).toMatch(what);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
}

test("a second service on a folder is refused, and the first one's tasks go on", async () => {
  const service = await KillableService.start();
  const client = new BatchClient(service.ready);
  try {
    await client.addPool("pool", 1, 1);
    await client.addJob("job", "pool");
    await client.addTasks("job", [{ id: "t", commandLine: "sleep 1000" }]);
    const running = () =>
      until("a running task", async () => (await client.task("job", "t")).state === "running");
    await running();
    const agent = service.agentPid;
    expectOneLine(
      await batchyard(["up", "--json", "--port", "0", "--data", service.folder]),
      /another service/,
    );
    expect(service.agentPid).toBe(agent);
    await running();
    expect((await batchyard(["status", "--data", service.folder])).code).toBe(0);
  } finally {
    client.close();
    await service.dispose();
  }
});

test("of two services that start on a new folder at once one becomes ready and the other is refused", async () => {
  const data = join(folder, "raced");
  const both = [0, 1].map(() => spawnBatchyard(["up", "--json", "--port", "0", "--data", data]));
  const ready = await Promise.all(both.map((run) => firstLine(run).then(Boolean, () => false)));
  expect(ready.toSorted()).toEqual([false, true]);
  for (const [i, run] of both.entries()) {
    if (ready[i]) run.child.kill("SIGTERM");
    else expectOneLine(await run.ended, /another service/);
  }
  expect((await Promise.all(both.map(({ ended }) => ended))).map(({ code }) => code).sort()).toEqual([0, 1]);
  expect(processesNaming(data)).toEqual([]);
});

test.each(["main", "plain", "proxy", "account"])("the %s port in use", async (name) => {
  const index = ["main", "plain", "proxy", "account"].indexOf(name);
  const taken = createServer();
  const first = await freePorts();
  const port = first + index;
  taken.listen(port, "127.0.0.1");
  await once(taken, "listening");
  const data = join(folder, `port-${name}`);
  const attempt = await batchyard(["up", "--json", "--data", data, "--port", String(first)]);
  taken.close();
  expectOneLine(attempt, new RegExp(`port ${port} is in use`));
  expect(processesNaming(data)).toEqual([]);
});

test.skipIf(!isRoot)("a folder that this user cannot write (as root only)", async () => {
  const home = join(folder, "home");
  const locked = join(folder, "locked");
  chmodSync(folder, 0o755);
  for (const path of [home, locked]) mkdirSync(path, { mode: 0o755 });
  chownSync(home, NOBODY, NOBODY);
  const asNobody = (data: string) =>
    batchyard(
      [
        `--regid=${NOBODY}`,
        "--clear-groups",
        process.execPath,
        batchyardBin,
        "up",
        "--json",
        "--port",
        "0",
        "--data",
        data,
      ],
      { node: "setpriv", bin: `--reuid=${NOBODY}`, environment: { PATH: process.env.PATH, HOME: home } },
    );
  expectOneLine(await asNobody(join(locked, "state")), /cannot write to .*locked/);
  expectOneLine(await asNobody(locked), /cannot write to .*locked/);
});
