/** Azure's own clients inside tasks, unmodified: they find the node's identity and list jobs as it. On nodes of both kinds. */
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { namespaceObstacle } from "../e2e/namespace-nodes.ts";
import type { Json } from "./batch-client.fixture.ts";
import { missing, programFile } from "./client-program.fixture.ts";
import { IdentityPools } from "./identity-pools.fixture.ts";

const PYTHON = "/usr/bin/python3";
const noPython = missing("azure-identity for Python", PYTHON, ["-c", "import azure.identity, msrestazure"]);
const noAz = missing("the Azure CLI", "az", ["version"]);
const MODULES = realpathSync(fileURLToPath(new URL("../../node_modules", import.meta.url)));
const PROGRAMS = realpathSync(programFile("."));

describe.each(["namespace", "process"] as const)("on %s nodes", (isolation) => {
  describe.skipIf(isolation === "namespace" && namespaceObstacle !== undefined)("a task", () => {
    let pools: IdentityPools;
    let words: string;
    beforeAll(async () => {
      const shown = [MODULES, PROGRAMS].map((path) => ({ path, isWritable: false }));
      pools = await IdentityPools.open(isolation, shown);
      words = `'{"client_id":"${pools.identities.alpha.clientId}"}'`;
      await pools.assignRole();
    });
    afterAll(() => pools?.close());

    const seen = async (command: string): Promise<Json> => {
      const said = await pools.run("one", command);
      const line = said.trim().split("\n").at(-1) ?? "";
      if (!line.startsWith("{")) throw new Error(said);
      return JSON.parse(line);
    };
    const each = (...names: string[]) =>
      Object.fromEntries(
        names.map((name) => [name, [pools.identities.alpha.clientId, ["one", "two", "none"]]]),
      );

    test.skipIf(noPython)("with azure.identity and msrestazure for Python", async () => {
      expect(await seen(`${PYTHON} ${PROGRAMS}/managed_identity.py ${words}`)).toEqual(
        each("managed", "default", "client id", "msrestazure"),
      );
    });

    test("with @azure/identity for JavaScript", async () => {
      expect(await seen(`node ${PROGRAMS}/managed-identity.mjs ${words}`)).toEqual(
        each("managed", "default", "client id"),
      );
    });

    // Elsewhere Azure's own names, which the CLI goes on to, lead to Azure.
    test.skipIf(noAz || isolation === "process")("with az login --identity", async () => {
      const line =
        "AZURE_CONFIG_DIR=$PWD/az AZURE_CORE_COLLECT_TELEMETRY=0 az login --identity --allow-no-subscriptions --output json";
      const said = await pools.run("one", line);
      expect(said).toContain("systemAssignedIdentity");
    });
  });
});
