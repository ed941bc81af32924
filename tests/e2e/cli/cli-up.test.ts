import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { batchyard, isRunning, temporaryFolder, type UpProcess, up } from "../batchyard-process.ts";

const tmp = await temporaryFolder();
afterAll(tmp.remove);

describe("batchyard up", () => {
  const data = join(tmp.path, "state");
  let service: UpProcess;
  beforeAll(async () => {
    service = await up(["--data", data]);
  });
  afterAll(() => service?.stop());

  it("tells everything a client needs in its ready line", () => {
    expect(Object.keys(service.ready).sort()).toEqual(
      [
        "ready nodes login management graph batch blob storageAccount portal proxy plain caFile bundleFile tenantId subscriptionId",
        "resourceGroup account location accountKey clientId clientSecret username password",
      ]
        .join(" ")
        .split(" ")
        .sort(),
    );
    expect(service.ready.ready).toBe(true);
    expect(service.ready.login).toMatch(/^https:\/\/localhost:\d+$/);
    expect(service.ready.accountKey).toMatch(/^[A-Za-z0-9+/]+=*$/);
  });

  it("keeps its state to its owner, and secrets out of service.json", () => {
    expect(statSync(data).mode & 0o777).toBe(0o700);
    for (const name of ["service.json", "credentials.json"]) {
      expect(statSync(join(data, name)).mode & 0o777).toBe(0o600);
    }
    const written = readFileSync(join(data, "service.json"), "utf8");
    expect(written).not.toContain(service.ready.accountKey);
    expect(written).not.toContain(service.ready.clientSecret);
  });

  it("refuses a second service on the same folder in one line", async () => {
    const second = await batchyard(["up", "--json", "--port", "0", "--data", data]);
    expect(second).toMatchObject({ code: 1, stdout: "" });
    expect(second.stderr).toMatch(/^batchyard up: [^\n]+\n$/);
    expect((await batchyard(["status", "--data", data])).code).toBe(0);
  });

  it("prints one line, stops cleanly at SIGTERM and takes service.json with it", async () => {
    const ended = await service.stop();
    expect(ended).toMatchObject({ code: 0, signal: null });
    expect(ended.stdout).toBe(`${JSON.stringify(service.ready)}\n`);
    expect(existsSync(join(data, "service.json"))).toBe(false);
  });

  it("comes back on the same folder with the same identity and secrets", async () => {
    const again = await up(["--data", data]);
    await again.stop();
    const { tenantId, clientId, clientSecret, accountKey, account } = service.ready;
    expect(again.ready).toMatchObject({ tenantId, clientId, clientSecret, accountKey, account });
  });
});

describe("batchyard up --ephemeral", () => {
  it("leaves neither process nor folder behind", async () => {
    const service = await up(["--ephemeral"]);
    const folder = dirname(service.ready.caFile);
    expect(existsSync(folder)).toBe(true);
    expect((await service.stop()).code).toBe(0);
    expect(existsSync(folder)).toBe(false);
    expect(isRunning(service.pid)).toBe(false);
  });
});

describe("batchyard up says in one line why it cannot start:", () => {
  it("a port in use", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    const attempt = await batchyard(["up", "--data", join(tmp.path, "taken"), "--port", String(port)]);
    taken.close();
    expect(attempt).toMatchObject({ code: 1, stdout: "" });
    expect(attempt.stderr).toMatch(new RegExp(`^batchyard up: [^\\n]*${port}[^\\n]*\\n$`));
    expect(readdirSync(join(tmp.path, "taken"))).not.toContain("service.json");
  });

  it("a folder that cannot be written", async () => {
    const file = join(tmp.path, "a-file");
    writeFileSync(file, "");
    const attempt = await batchyard(["up", "--port", "0", "--data", join(file, "state")]);
    expect(attempt).toMatchObject({ code: 1, stdout: "" });
    expect(attempt.stderr).toMatch(/^batchyard up: [^\n]*a-file[^\n]*\n$/);
  });
});
