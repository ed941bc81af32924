/** Users of nodes by Azure's own clients, unmodified, each of which then logs in by SSH. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loginObstacle } from "../../e2e/nodes/namespace-nodes.ts";
import { BatchClient } from "../batch-client.fixture.ts";
import { batchyardRun, missing, printed, programFile } from "../client-program.fixture.ts";
import { poolOf } from "../clocked-service.fixture.ts";
import { contosoSeed } from "../contoso.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";
import { noSshClient } from "./ssh-client.fixture.ts";

const PYTHON = "/usr/bin/python3";
const noPython = missing("azure-batch for Python", PYTHON, [
  "-c",
  "import azure.batch, azure.common.credentials",
]);
const noAz = missing("the Azure CLI", "sh", ["-c", "command -v az"]);
if (loginObstacle !== undefined) console.warn(`SKIPPED: nobody logs in to nodes here: ${loginObstacle}`);

describe.skipIf(noSshClient || loginObstacle !== undefined)("a user of a node", () => {
  let service: RunningService;
  let environment: NodeJS.ProcessEnv;
  beforeAll(async () => {
    service = await runningService({ seed: contosoSeed, isolation: "namespace" });
    const batch = await BatchClient.connect(service);
    await batch.post("/pools", poolOf("p", 1));
    const { value } = await batch.until("/pools/p/nodes", (list) => list.value[0]?.state === "idle");
    batch.close();
    environment = {
      ...process.env,
      RESOURCE_GROUP: "lab",
      ACCOUNT_URL: service.ready.batch,
      POOL_ID: "p",
      NODE_ID: value[0].id,
    };
  });
  afterAll(() => service?.close());

  const run = async (words: readonly string[]) =>
    printed(await batchyardRun(words, ["--data", service.folder], environment));

  test("with @azure/batch", { timeout: 60_000 }, async () => {
    expect(await run([process.execPath, programFile("node-user.mjs")])).toEqual({
      exists: [409, "NodeUserExists"],
      logins: ["fromjs", "refused", "fromjs", "refused"],
      gone: [404, "NodeUserNotFound"],
    });
  });

  test.skipIf(noPython)("with azure-batch for Python", { timeout: 60_000 }, async () => {
    expect(await run([PYTHON, programFile("node_user.py")])).toEqual({
      exists: [409, "NodeUserExists"],
      logins: ["frompython", "refused", "frompython", "refused"],
      gone: [404, "NodeUserNotFound"],
    });
  });

  test.skipIf(noAz)("with az, as an administrator", { timeout: 300_000 }, async () => {
    expect(await run(["sh", programFile("az-node-user.sh")])).toEqual({
      address: "127.0.0.1",
      logins: "root,refused,root,refused",
    });
  });
});
