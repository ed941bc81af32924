/** Azure's own clients of the Blob service, unmodified, with Azure's own addresses. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { batchyardRun, missing, printed, programFile } from "../client-program.fixture.ts";
import { STORAGE_ACCOUNT, STORAGE_GROUP, storageSeed } from "./storage.fixture.ts";

let folder: string;
let options: string[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "batchyard-seed-"));
  writeFileSync(join(folder, "seed.json"), JSON.stringify(storageSeed));
  options = ["--ephemeral", "--seed", join(folder, "seed.json")];
});
afterAll(() => rmSync(folder, { recursive: true }));

const words = [STORAGE_ACCOUNT, STORAGE_GROUP];

test("@azure/storage-blob by token, key and signatures, with a 64 MiB stream", async () => {
  const program = [process.execPath, programFile("blob-storage.mjs"), ...words];
  const refusals = [
    [403, "AuthorizationPermissionMismatch"],
    [403, "AuthenticationFailed"],
    [403, "AuthenticationFailed"],
  ];
  expect(printed(await batchyardRun(program, options))).toEqual({
    read: "text",
    metadata: { made: "by token" },
    list: ["in a/folder ä+&#?.txt"],
    containers: ["by-token"],
    missing: [404, "BlobNotFound"],
    big: [64 * 1024 * 1024, true],
    copied: "text",
    byKey: [["a/b c"], "by key"],
    byService: ["by key", ...refusals],
    byUser: ["by key", ...refusals],
    ofContainer: ["new", [403, "AuthorizationPermissionMismatch"]],
    public: [409, "PublicAccessNotPermitted"],
    after: ["by-key"],
  });
}, 60_000);

const PYTHON = "/usr/bin/python3";
const NO_PYTHON = missing("azure-storage-blob for Python", PYTHON, [
  "-c",
  "import azure.storage.blob, azure.identity",
]);

test.skipIf(NO_PYTHON)(
  "azure-storage-blob for Python by token and by a signature of its own",
  async () => {
    const program = [PYTHON, programFile("blob_storage.py"), ...words];
    expect(printed(await batchyardRun(program, options))).toEqual({
      read: "from python",
      metadata: { made: "here" },
      list: ["folder/a b.txt"],
      part: "python",
      signed: "from python",
      refused: [403, "AuthorizationPermissionMismatch"],
      gone: false,
    });
  },
  60_000,
);

test.skipIf(missing("the Azure CLI", "sh", ["-c", "command -v az"]))(
  "az storage by login and by key",
  async () => {
    const program = ["sh", programFile("az-storage.sh"), ...words];
    expect(printed(await batchyardRun(program, options))).toEqual({
      login: "some text",
      key: "some text",
      list: [["ab/in.txt", 9]],
    });
  },
  180_000,
);
