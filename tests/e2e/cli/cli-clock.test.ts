import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { batchyard, temporaryFolder, type UpProcess, up } from "../batchyard-process.ts";

describe("batchyard clock", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let service: UpProcess;

  beforeAll(async () => {
    folder = await temporaryFolder();
    service = await up(["--data", folder.path, "--test-controls", "--token-lifetime", "10m"]);
  });
  afterAll(async () => {
    await service?.stop();
    await folder?.remove();
  });

  const clock = async (...words: string[]) => {
    const { code, stdout, stderr } = await batchyard(["clock", ...words, "--data", folder.path, "--json"]);
    if (code !== 0) throw new Error(stderr);
    return Date.parse(JSON.parse(stdout).now);
  };

  it("moves the service's clock forward, and shows it", async () => {
    const before = await clock();
    const after = await clock("advance", "59m");
    expect(after - before).toBeGreaterThanOrEqual(59 * 60_000);
    expect(await clock()).toBeGreaterThanOrEqual(after);
  });

  it("is not for browsers, nor for steps back", async () => {
    const url = `${service.ready.plain}/test-controls/clock`;
    const post = (headers: Record<string, string>, body: object) =>
      fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
    expect((await post({ origin: "http://evil.example" }, { advanceMilliseconds: 1 })).status).toBe(403);
    expect((await post({}, { advanceMilliseconds: -1 })).status).toBe(400);
    expect((await batchyard(["clock", "advance", "--data", folder.path])).code).toBe(2);
    expect((await batchyard(["clock", "back", "5m", "--data", folder.path])).code).toBe(2);
  });

  it("is there only under --test-controls", async () => {
    const other = await temporaryFolder();
    const plain = await up(["--data", other.path]);
    try {
      const { code, stderr } = await batchyard(["clock", "--data", other.path]);
      expect(code).toBe(1);
      expect(stderr).toContain("--test-controls");
    } finally {
      await plain.stop();
      await other.remove();
    }
  });
});
