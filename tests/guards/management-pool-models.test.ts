/** What management shows of a pool has the names that its api-version describes, and leaves none of them out. */
import { expect, test } from "vitest";
import { managementProperties, modelVersion } from "../../src/core/management/data-plane-model.ts";
import type { BatchModelName } from "../../src/wire/batch/models.gen.ts";
import { batchModels } from "../../src/wire/batch/models.gen.ts";
import { readJson } from "../../tools/specs-folder.ts";
import type { Swagger } from "../../tools/swagger.ts";

const folder = process.env.BATCHYARD_SPECS ?? "";
const VERSIONS = ["2021-01-01", "2022-10-01", "2023-11-01", "2024-07-01"];

/** Where the data plane's model and management's stand for the same and yet differ: see planes/arm/pool-view.ts. */
const BY_HAND = new Set([
  "AutoScaleRun",
  "AutoScaleRunError",
  "CertificateReference",
  "ResizeError",
  "UserAssignedIdentity",
  "BatchPoolIdentity",
  "Certificate",
  "DeleteCertificateError",
]);
const OTHER_NAMES: Readonly<Record<string, string>> = { InboundNATPool: "InboundNatPool" };

test.skipIf(folder === "").each(VERSIONS)("models of %s", (apiVersion) => {
  const file = `specification/batch/resource-manager/Microsoft.Batch/stable/${apiVersion}/BatchManagement.json`;
  const { definitions } = readJson<Swagger>(folder, file);
  const version = modelVersion(apiVersion);
  const models = (Object.keys(batchModels) as BatchModelName[]).filter((name) => !BY_HAND.has(name));
  let compared = 0;
  const differences = models.flatMap((model) => {
    const described = definitions[OTHER_NAMES[model] ?? model]?.properties;
    if (described === undefined) return [];
    compared++;
    const ours = new Set(managementProperties(model, version));
    const theirs = new Set(Object.keys(described));
    return [
      ...[...ours].filter((name) => !theirs.has(name)).map((name) => `${model}.${name} is not described`),
      ...[...theirs].filter((name) => !ours.has(name)).map((name) => `${model}.${name} is left out`),
    ];
  });
  expect(differences).toEqual([]);
  expect(compared).toBeGreaterThan(30);
});
