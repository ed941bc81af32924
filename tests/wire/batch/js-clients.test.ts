/** @azure/identity and @azure/batch, unmodified, with Azure's own addresses in the programs. */
import { expect, test } from "vitest";
import { batchyardRun, printed, programFile } from "../client-program.fixture.ts";

const program = (name: string) => [process.execPath, programFile(name)];

const job = {
  added: true,
  stdout: "task 3\n",
  listed: 20,
  exists: [true, false],
  task: ["completed", 0, true],
  missing: [404, "JobNotFound"],
};

test("a bare TokenCredential brings a token for another audience and is told so; a wrapped one runs a job", async () => {
  const { bare, ...seen } = printed(await batchyardRun(program("token-credential.ts")));
  expect(bare).toEqual([401, "AuthenticationFailed", expect.any(String)]);
  expect(bare[2]).toContain("wrong audience or resource 'https://management.azure.com'");
  expect(bare[2]).toContain("'https://batch.core.windows.net/'");
  expect(seen).toEqual(job);
});

test("a bare TokenCredential passes under --lenient-audience", async () => {
  const run = await batchyardRun(program("token-credential.ts"), ["--ephemeral", "--lenient-audience"]);
  expect(printed(run)).toEqual({ bare: 0, ...job });
});

test("a shared key signs every verb, odd ids included", async () => {
  const { odd, oddAdd, ...seen } = printed(await batchyardRun(program("shared-key.ts")));
  expect(seen).toEqual({
    add: "ok",
    get: "ok",
    conditional: "ok",
    list: ["job"],
    patch: "ok",
    update: "ok",
    disable: "ok",
    terminate: "ok",
    delete: "ok",
  });
  for (const [id, outcomes] of Object.entries(odd as Record<string, [number, string][]>)) {
    for (const [status] of outcomes) expect([400, 404], id).toContain(status);
  }
  for (const [id, outcome] of Object.entries(oddAdd))
    expect(outcome, id).toEqual([400, "InvalidPropertyValue"]);
});
