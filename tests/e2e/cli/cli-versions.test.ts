/** What `batchyard run --report` and `batchyard versions report` print, and how they end. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { batchyard, spawnBatchyard, temporaryFolder, up } from "../batchyard-process.ts";

const tmp = await temporaryFolder();
afterAll(tmp.remove);

/** A program of some years ago: it uses @azure/batch 10 and certificates. */
const LISTS = `
  import { BatchServiceClient, BatchSharedKeyCredentials } from "@azure/batch";
  const { AZURE_BATCH_ACCOUNT: account, AZURE_BATCH_ACCESS_KEY: key, AZURE_BATCH_ENDPOINT: url } = process.env;
  const batch = new BatchServiceClient(new BatchSharedKeyCredentials(account, key), url);
  for (const list of [batch.pool, batch.certificate]) await list.list();
`;
const program = ["--", process.execPath, "--input-type=module", "-e", LISTS];
const lastLine = (text: string) => text.trim().split("\n").at(-1);

describe("batchyard run --report", () => {
  it("tells on stderr what ends, in 80 columns, and keeps the program's exit code", async () => {
    const { code, stdout, stderr } = await batchyard(["run", "--ephemeral", "--report", ...program]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toContain("  JavaScript @azure/batch 10.2.0: api-version 2022-10-01.16.0, 2 requests\n");
    expect(stderr).toContain("Gone in 2025-06-01\n  Certificate_List (GET /certificates)\n");
    expect(stderr).toContain("    JavaScript  certificate.list -> no method\n");
    expect(stderr).toContain("    JavaScript  pool.list -> listPools\n");
    expect(lastLine(stderr)).toBe("ready for 2025-06-01: no (2 things)");
    expect(stderr.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it("fails on what is gone, when that is asked for, and writes Markdown to a file", async () => {
    const file = join(tmp.path, "report.md");
    const options = ["--ephemeral", "--fail-on", "gone", "--markdown", "--report-file", file];
    expect((await batchyard(["run", ...options, ...program])).code).toBe(1);
    const text = readFileSync(file, "utf8");
    expect(text).toMatch(/^## ready for 2025-06-01: no \(2 things\)\n/);
    expect(text).toMatch(
      /^\| Certificate_List \(GET \/certificates\) \| instead: .*Key Vault.* \| 1 \| [\w-]{36} \|$/m,
    );
    expect(text).toContain("| Pool_List | 1 | pool.list -> listPools |");
  });

  it("says that nothing was sent, and refuses a version that is none before the program runs", async () => {
    const nothing = await batchyard(["run", "--ephemeral", "--report", "--", "true"]);
    expect(lastLine(nothing.stderr)).toBe("ready for 2025-06-01: nothing was sent to the Batch service");
    const wrong = await batchyard(["run", "--ephemeral", "--report", "--to", "2025", "--", "echo", "ran"]);
    expect(wrong).toMatchObject({ code: 1, stdout: "" });
    expect(wrong.stderr).toContain("'2025' is no api-version to go to");
  });

  it("with --as, answers as the newer version would", async () => {
    const { code, stderr } = await batchyard(["run", "--as", "2025-06-01", ...program]);
    expect(code).toBe(1);
    expect(stderr).toContain("The api-version 2025-06-01 does not have the operation Certificate_List.");
  });
});

describe("batchyard versions report", () => {
  it("watches a running service until it is stopped", async () => {
    const data = join(tmp.path, "state");
    const service = await up(["--data", data]);
    const watching = spawnBatchyard(["versions", "report", "--data", data, "--markdown"]);
    await new Promise<void>((resolve) => watching.child.stderr?.once("data", () => resolve()));
    expect((await batchyard(["run", "--data", data, ...program])).code).toBe(0);
    watching.child.kill("SIGINT");
    const { code, stdout } = await watching.ended;
    expect({ code, last: lastLine(stdout) }).toEqual({
      code: 0,
      last: "ready for 2025-06-01: no (2 things)",
    });
    // The program only read, of which the log knows nothing.
    const past = ["versions", "report", "--data", data, "--since", "1h", "--client", "azsdk-js-batch"];
    expect(lastLine((await batchyard(past)).stdout)).toBe("ready for 2025-06-01: the log has nothing of it");
    await service.stop();
  });
});
