/** What management shows of a pool has the names that its api-version describes, and leaves none of them out. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { Fault } from "../../src/core/fault.ts";
import { managementProperties, modelVersion } from "../../src/core/management/data-plane-model.ts";
import { poolDescription } from "../../src/core/management/pool-request.ts";
import { modelProperties } from "../../src/core/model/model-table.ts";
import { POOL_PROPERTY_PATHS, POOL_READ_ONLY } from "../../src/wire/arm/pool-model.ts";
import type { BatchModelName } from "../../src/wire/batch/models.gen.ts";
import { batchModels } from "../../src/wire/batch/models.gen.ts";
import { readJson } from "../../tools/specs-folder.ts";
import type { Swagger } from "../../tools/swagger.ts";

const folder = process.env.BATCHYARD_SPECS ?? "";
const VERSIONS = ["2021-01-01", "2022-10-01", "2023-11-01", "2024-07-01"];

/** Where the data plane's model and management's stand for the same and yet differ: see planes/arm/batch/pool-view.ts. */
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
  const { definitions } = readJson<Swagger>(folder, description(apiVersion));
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

test.skipIf(folder === "").each(["2021-01-01", "2024-07-01"])(
  "requests that %s gives as examples are taken",
  (apiVersion) => {
    const examples = join(folder, dirname(description(apiVersion)), "examples");
    const files = readdirSync(examples).filter((file) => /^Pool(Create|Update)_/.test(file));
    expect(files.length).toBeGreaterThan(10);
    const problems = files.flatMap((file) => {
      const { parameters } = JSON.parse(readFileSync(join(examples, file), "utf8"));
      const { subscriptionId, resourceGroupName, accountName, poolName: name } = parameters;
      const account = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroupName}/providers/Microsoft.Batch/batchAccounts/${accountName}`;
      const text = JSON.stringify(parameters.parameters).replaceAll(`/pools/${name}/`, "/");
      const isChange = file.startsWith("PoolUpdate_");
      try {
        poolDescription(JSON.parse(text), { name, account, isChange }, modelVersion(apiVersion));
        return [];
      } catch (error) {
        const { code, values } = error as Fault;
        return code === "NotImplemented" ? [] : [`${file}: ${code} ${JSON.stringify(values)}`];
      }
    });
    expect(problems).toEqual([]);
  },
);

test.skipIf(folder === "").each(VERSIONS)("properties of a pool of %s", (apiVersion) => {
  const { definitions } = readJson<Swagger>(folder, description(apiVersion));
  const top = (paths: Iterable<string>) => [...paths].map((path) => path.split(".")[0] ?? "");
  const known = new Set(top([...Object.values(POOL_PROPERTY_PATHS), ...POOL_READ_ONLY]));
  const described = Object.keys(definitions.PoolProperties?.properties ?? {});
  expect(described.filter((name) => !known.has(name))).toEqual([]);
  const { index } = modelVersion(apiVersion);
  const taken = modelProperties("PoolAddParameter", index).known.flatMap(({ name }) =>
    top([POOL_PROPERTY_PATHS[name] ?? name]),
  );
  // Taken apart from the others: core/management/pool-request.ts.
  taken.push("applicationLicenses");
  const missing = described.filter((name) => !POOL_READ_ONLY.has(name) && !taken.includes(name));
  expect(missing).toEqual([]);
});

function description(apiVersion: string): string {
  return `specification/batch/resource-manager/Microsoft.Batch/stable/${apiVersion}/BatchManagement.json`;
}
