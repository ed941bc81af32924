/** Azure's own clients with applications, unmodified: packages go up by the URL that management gives, and come down to nodes. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PROGRAM, zip } from "../../../src/agent/packages/zip.fixture.ts";
import { batchyardRun, missing, printed, programFile } from "../client-program.fixture.ts";

let folder: string;
const archives: string[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "batchyard-archives-"));
  for (const version of ["old", "new"]) {
    const file = join(folder, `${version}.zip`);
    writeFileSync(file, zip([{ name: "tool", content: `#!/bin/sh\necho ${version} $1\n`, mode: PROGRAM }]));
    archives.push(file);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

test("@azure/arm-batch, @azure/storage-blob and @azure/batch bring an application to a pool and to tasks", async () => {
  const words = ["batchyard", "myaccount", "eastus", ...archives];
  const program = [process.execPath, programFile("application-packages.mjs"), ...words];
  expect(printed(await batchyardRun(program, ["--ephemeral"]))).toEqual({
    "1.0": "Active",
    "2.0": "Active",
    pool: [true],
    output: "old pool\nnew task\n",
    failure: ["failure", "ApplicationPackageError"],
    versions: ["1.0", "2.0"],
    refused: [409, "InvalidApplicationPackageReferences"],
  });
}, 60_000);

const NO_AZ = missing("the Azure CLI", "sh", ["-c", "command -v az"]);

test.skipIf(NO_AZ)(
  "az batch application",
  async () => {
    const program = ["sh", programFile("az-application.sh"), "myaccount", "batchyard"];
    expect(printed(await batchyardRun(program, ["--ephemeral"]))).toEqual({
      made: ["1.0", "Active", "zip"],
      again: "Active",
      shown: ["blender", "Renderer", "1.0"],
      packages: ["1.0"],
      left: "Active",
      list: ["blender"],
    });
  },
  180_000,
);

test.skipIf(NO_AZ)(
  "az batch pool create --application-package-references",
  async () => {
    const words = ["myaccount", "batchyard", archives[0] ?? ""];
    const program = ["sh", programFile("az-application-pool.sh"), ...words];
    expect(printed(await batchyardRun(program, ["--ephemeral"]))).toEqual({
      references: [["tool", "1.0"]],
      output: "old az",
    });
  },
  240_000,
);
