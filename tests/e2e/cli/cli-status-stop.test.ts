import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { batchyard, temporaryFolder, up } from "../batchyard-process.ts";

const tmp = await temporaryFolder();
afterAll(tmp.remove);

describe("batchyard status and stop", () => {
  it("say that nothing runs, by their exit code too", async () => {
    const data = join(tmp.path, "nothing");
    const status = await batchyard(["status", "--json", "--data", data]);
    expect(status).toMatchObject({ code: 3, stderr: "" });
    expect(JSON.parse(status.stdout)).toEqual({ running: false, dataFolder: data });
    const stop = await batchyard(["stop", "--data", data]);
    expect(stop).toMatchObject({ code: 3, stdout: "" });
    expect(stop.stderr).toMatch(/^batchyard stop: no service is running on [^\n]+\n$/);
  });

  it("show the running service without its secrets, and stop it", async () => {
    const data = join(tmp.path, "state");
    const service = await up(["--data", data]);
    const status = await batchyard(["status", "--json", "--data", data]);
    expect(status.code).toBe(0);
    expect(JSON.parse(status.stdout)).toMatchObject({
      running: true,
      pid: service.pid,
      batch: service.ready.batch,
      account: service.ready.account,
    });
    const forHumans = await batchyard(["status", "--data", data]);
    for (const { stdout } of [status, forHumans]) {
      expect(stdout).toContain(service.ready.login);
      expect(stdout).not.toContain(service.ready.clientSecret);
      expect(stdout).not.toContain(service.ready.accountKey);
    }

    const stop = await batchyard(["stop", "--json", "--data", data]);
    expect(stop).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(stop.stdout)).toEqual({ stopped: true, pid: service.pid });
    expect(await service.ended).toMatchObject({ code: 0, signal: null });
    expect((await batchyard(["status", "--data", data])).code).toBe(3);
  });

  it("take the file of a killed service for what it is, and never signal its old process id", async () => {
    const data = join(tmp.path, "killed");
    const service = await up(["--data", data]);
    process.kill(service.pid, "SIGKILL");
    await service.ended;
    expect((await batchyard(["status", "--data", data])).code).toBe(3);
    expect((await batchyard(["stop", "--data", data])).code).toBe(3);
  });

  it("leave a process alone that is not the service which answers", async () => {
    const data = join(tmp.path, "state");
    const service = await up(["--data", data]);
    const elsewhere = join(tmp.path, "elsewhere");
    mkdirSync(elsewhere);
    const file = JSON.parse(readFileSync(join(data, "service.json"), "utf8"));
    writeFileSync(join(elsewhere, "service.json"), JSON.stringify({ ...file, pid: process.pid }));
    expect((await batchyard(["stop", "--data", elsewhere])).code).toBe(3);
    expect((await batchyard(["status", "--data", data])).code).toBe(0);
    await service.stop();
  });
});
