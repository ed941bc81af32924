/** Azure's own clients of the Blob service inside tasks, unmodified: the node's names and its identities lead them to their blobs. */
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { namespaceObstacle } from "../../e2e/nodes/namespace-nodes.ts";
import { jobBody } from "../batch-bodies.fixture.ts";
import { BatchClient } from "../batch-client.fixture.ts";
import { missing, programFile } from "../client-program.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";
import { IdentityStorage, identityStorageSeed } from "./identity-storage.fixture.ts";
import { STORAGE_ACCOUNT } from "./storage.fixture.ts";

const PYTHON = "/usr/bin/python3";
const noPython = missing("azure-storage-blob for Python", PYTHON, [
  "-c",
  "import azure.identity, azure.storage.blob",
]);
const MODULES = realpathSync(fileURLToPath(new URL("../../../node_modules", import.meta.url)));
const PROGRAMS = realpathSync(programFile("."));

describe.skipIf(namespaceObstacle !== undefined)("a task on a namespace node", () => {
  let service: RunningService;
  let storage: IdentityStorage;
  let batch: BatchClient;
  beforeAll(async () => {
    const nodePaths = [MODULES, PROGRAMS].map((path) => ({ path, isWritable: false }));
    service = await runningService({ seed: identityStorageSeed, isolation: "namespace", nodePaths });
    storage = await IdentityStorage.prepare(service);
    batch = await BatchClient.connect(service);
    await storage.put("inputs/one.txt", "one");
    await storage.addPool("p", ["writer", "reader"]);
    await batch.post("/jobs", jobBody("j", "p"));
  });
  afterAll(async () => {
    batch?.close();
    storage?.close();
    await service?.close();
  });

  const seen = async (id: string, program: string) => {
    const { writer, reader } = storage.clientIds;
    const words = [program, `https://${STORAGE_ACCOUNT}.blob.core.windows.net`, writer, reader];
    await batch.post("/jobs/j/tasks", { id, commandLine: `/bin/sh -c 'exec ${words.join(" ")} 2>&1'` });
    await batch.until(`/jobs/j/tasks/${id}`, ({ state }) => state === "completed");
    const { text } = await batch.send("GET", `/jobs/j/tasks/${id}/files/stdout.txt`);
    const line = text.trim().split("\n").at(-1) ?? "";
    if (!line.startsWith("{")) throw new Error(text);
    return JSON.parse(line);
  };
  const expected = {
    writer: ["one.txt", "one"],
    reader: ["one.txt", "one", "AuthorizationPermissionMismatch"],
  };

  test.skipIf(noPython)("with azure.identity and azure.storage.blob for Python", async () => {
    expect(await seen("python", `${PYTHON} ${PROGRAMS}/node_blobs.py`)).toEqual(expected);
    expect(await storage.content("outputs/python/writer")).toBe("from python");
    expect(await storage.content("outputs/python/reader")).toBe(404);
  });

  test("with @azure/identity and @azure/storage-blob for JavaScript", async () => {
    expect(await seen("javascript", `node ${PROGRAMS}/node-blobs.mjs`)).toEqual(expected);
    expect(await storage.content("outputs/javascript/writer")).toBe("from javascript");
    expect(await storage.content("outputs/javascript/reader")).toBe(404);
  });
});
