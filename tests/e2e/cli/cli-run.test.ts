import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { batchyard, firstLine, spawnBatchyard, temporaryFolder, up } from "../batchyard-process.ts";

const tmp = await temporaryFolder();
afterAll(tmp.remove);
const nothing = ["--data", join(tmp.path, "nothing")];

const node = (script: string) => ["--", process.execPath, "-e", script];

describe("batchyard run", () => {
  it("gives the program Azure's own addresses and the means to sign in", async () => {
    const print = `console.log(JSON.stringify(process.env))`;
    const { code, stdout } = await batchyard(["run", ...nothing, ...node(print)]);
    expect(code).toBe(0);
    const environment = JSON.parse(stdout);
    expect(environment).toMatchObject({
      HTTPS_PROXY: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      AZURE_BATCH_ENDPOINT: expect.stringMatching(/^https:\/\/\w+\.\w+\.batch\.azure\.com$/),
      AZURE_CLIENT_SECRET: expect.any(String),
      AZURE_BATCH_ACCESS_KEY: expect.any(String),
    });
    expect(environment.PATH).toBe(process.env.PATH);
    // The service that was started for it has gone with its folder.
    expect(existsSync(dirname(environment.NODE_EXTRA_CA_CERTS))).toBe(false);
  });

  it("uses the running service and leaves it running", async () => {
    const data = join(tmp.path, "state");
    const service = await up(["--data", data]);
    const print = `console.log(process.env.AZURE_CLIENT_ID, process.env.AZURE_BATCH_ACCESS_KEY)`;
    const { code, stdout, stderr } = await batchyard(["run", "--json", "--data", data, ...node(print)]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `${service.ready.clientId} ${service.ready.accountKey}\n`,
    });
    expect(JSON.parse(stderr)).toMatchObject({ started: false, batch: service.ready.batch });
    expect((await batchyard(["status", "--data", data])).code).toBe(0);
    await service.stop();
  });

  it("passes arguments on word by word, options and a second -- included", async () => {
    const print = `console.log(JSON.stringify(process.argv.slice(1)))`;
    const words = ["--json", "a b", "$HOME", "--", "*"];
    const { stdout } = await batchyard(["run", ...nothing, ...node(print), "--", ...words]);
    expect(JSON.parse(stdout)).toEqual(words);
  });

  it("ends with the program's exit code", async () => {
    expect((await batchyard(["run", ...nothing, ...node("process.exit(42)")])).code).toBe(42);
  });

  it("ends by the signal that ended the program", async () => {
    const kill = "process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000)";
    const ended = await batchyard(["run", ...nothing, ...node(kill)]);
    expect(ended).toMatchObject({ code: null, signal: "SIGTERM" });
  });

  it("tells a program that does not exist from one that failed, as a shell does", async () => {
    const missing = await batchyard(["run", ...nothing, "--", "no-such-program"]);
    expect(missing.code).toBe(127);
    expect(missing.stderr).toMatch(/batchyard run: there is no program 'no-such-program'\n$/);
    expect((await batchyard(["run", ...nothing, "--", tmp.path])).code).toBe(126);
    expect((await batchyard(["run"])).code).toBe(2);
  });

  it.each(["SIGINT", "SIGTERM"] as const)(
    "passes %s on, waits, and leaves nothing behind",
    async (signal) => {
      // The program cleans up in its own time and ends as it likes.
      const program = `
      process.on("${signal}", () => setTimeout(() => process.exit(7), 100));
      setInterval(() => {}, 1000);
      console.log(process.env.NODE_EXTRA_CA_CERTS);`;
      const run = spawnBatchyard(["run", ...nothing, ...node(program)]);
      const folder = dirname(await firstLine(run));
      expect(existsSync(folder)).toBe(true);
      run.child.kill(signal);
      expect(await run.ended).toMatchObject({ code: 7, signal: null });
      expect(existsSync(folder)).toBe(false);
    },
  );

  it("ends by SIGINT when the program does", async () => {
    const program = "setInterval(() => {}, 1000); console.log('ready')";
    const run = spawnBatchyard(["run", ...nothing, ...node(program)]);
    await firstLine(run);
    run.child.kill("SIGINT");
    expect(await run.ended).toMatchObject({ code: null, signal: "SIGINT" });
  });
});
