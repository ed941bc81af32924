/**
 * Azure's own clients inside tasks, unmodified, on nodes of both kinds: they find the node's identity and list jobs as it; where
 * there are two, they get each by each of its names.
 */
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { namespaceObstacle } from "../../e2e/nodes/namespace-nodes.ts";
import { IdentityPools, identityId, NAMES } from "../arm/identity-pools.fixture.ts";
import type { Json } from "../batch-client.fixture.ts";
import { missing, programFile } from "../client-program.fixture.ts";

const PYTHON = "/usr/bin/python3";
const noPython = missing("azure-identity for Python", PYTHON, ["-c", "import azure.identity, msrestazure"]);
const noAz = missing("the Azure CLI", "az", ["version"]);
const MODULES = realpathSync(fileURLToPath(new URL("../../../node_modules", import.meta.url)));
const PROGRAMS = realpathSync(programFile("."));
const JOBS = ["none", "one", "two"];

type Name = (typeof NAMES)[number];

describe.each(["namespace", "process"] as const)("on %s nodes", (isolation) => {
  describe.skipIf(isolation === "namespace" && namespaceObstacle !== undefined)("a task", () => {
    let pools: IdentityPools;
    beforeAll(async () => {
      const shown = [MODULES, PROGRAMS].map((path) => ({ path, isWritable: false }));
      pools = await IdentityPools.open(isolation, shown);
      for (const name of NAMES) await pools.assignRole(name);
    });
    afterAll(() => pools?.close());

    const seen = async (pool: string, program: string, name: Name): Promise<Json> => {
      const { clientId, principalId } = pools.identities[name];
      const words = JSON.stringify({
        client_id: clientId,
        object_id: principalId,
        resource_id: identityId(name),
        alone: pool === "one",
      });
      const said = await pools.run(pool, `${program} '${words}'`);
      const line = said.trim().split("\n").at(-1) ?? "";
      if (!line.startsWith("{")) throw new Error(said);
      return JSON.parse(line);
    };
    const each = (name: Name, ways: readonly string[]) =>
      Object.fromEntries(ways.map((way) => [way, [pools.identities[name].clientId, JOBS]]));

    const PYTHON_NAMED = [
      "default by client id",
      "client id",
      "object_id",
      "mi_res_id",
      "msrestazure by client id",
      "msrestazure by object id",
      "msrestazure by resource id",
    ];
    const JAVASCRIPT_NAMED = ["default by client id", "client id", "object id", "resource id"];

    test.skipIf(noPython)("with azure.identity and msrestazure for Python", { timeout: 90_000 }, async () => {
      const program = `${PYTHON} ${PROGRAMS}/managed_identity.py`;
      expect(await seen("one", program, "alpha")).toEqual(
        each("alpha", ["managed", "default", "msrestazure", ...PYTHON_NAMED]),
      );
      for (const name of NAMES)
        expect(await seen("two", program, name), name).toEqual(each(name, PYTHON_NAMED));
    });

    test("with @azure/identity for JavaScript", async () => {
      const program = `node ${PROGRAMS}/managed-identity.mjs`;
      expect(await seen("one", program, "alpha")).toEqual(
        each("alpha", ["managed", "default", ...JAVASCRIPT_NAMED]),
      );
      for (const name of NAMES)
        expect(await seen("two", program, name), name).toEqual(each(name, JAVASCRIPT_NAMED));
    });

    test.skipIf(noAz)(
      "with az login --identity, also by each name of one of two",
      { timeout: 120_000 },
      async () => {
        // Elsewhere Azure's own names, which the CLI goes on to, lead to Azure: `batchyard env` prints the way here.
        const { proxy, bundleFile } = pools.service.ready;
        const way =
          isolation === "namespace"
            ? ""
            : `HTTPS_PROXY=${proxy} NO_PROXY=127.0.0.1,localhost REQUESTS_CA_BUNDLE=${bundleFile} SSL_CERT_FILE=${bundleFile}`;
        const line = `${way} AZURE_CONFIG_DIR=$PWD/az AZURE_CORE_COLLECT_TELEMETRY=0 az login --identity --allow-no-subscriptions --output json`;
        expect(await pools.run("one", line)).toContain("systemAssignedIdentity");
        const { clientId, principalId } = pools.identities.beta;
        // A guid the CLI tries as a client id first; at this endpoint it takes the refusal for the end, and tries no object id.
        const objectIds = isolation === "namespace" ? [principalId] : [];
        for (const name of [clientId, ...objectIds, identityId("beta")])
          expect(await pools.run("two", `${line} --username ${name}`), name).toContain(
            "userAssignedIdentity",
          );
      },
    );
  });
});
