/** How SQLite answers each statement: by an index, in the order that is asked for. What reads a whole table or sorts is listed. */
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrate } from "../../src/store/engine/migrate.ts";
import { SqliteConnection } from "../../src/store/engine/sqlite-store.ts";
import { isTest, repository, sourceFiles } from "./source-files.ts";

/** Each with the reason that makes it harmless. The list only shrinks. */
const LISTED: Readonly<Record<string, string>> = {
  certificatesDeleting: "accounts have a handful of certificates, and most have none",
  ...all("accounts, groups and subscriptions are few", [
    "accountsAll",
    "accountsOfSubscription",
    "accountsOfResourceGroup",
    "accountsDeleting",
    "accountsCountAt",
    "subscriptionsOfTenant",
    "subscriptionsAll",
    "resourceGroupInsert",
    "resourceGroupsDeleting",
    "resourceGroupDelete",
    "identitiesOfResourceGroup",
    "identitiesOfSubscription",
    "storageAccountsAll",
    "tenantsAll",
    "tenantDomains",
    "signingKeysAll",
  ]),
  ...all("of one application, or of one account's packages", [
    "applicationSecrets",
    "applicationCertificates",
    "batchApplicationsPage",
    "batchPackagesOfApplication",
    "activeVersionsOfAccount",
    "appRoleAssignmentsOfPrincipal",
    "appRoleAssignmentsOfResource",
  ]),
  ...all("when an application goes", ["applicationRowDelete", "identifierUrisDelete"]),
  delegatedGrantsOfTenant: "Graph reads a tenant's consents whole",
  ...all("all pools and nodes of the installation, once a period", [
    "nodesAllocated",
    "nodeUsersDue",
    "poolsScaling",
    "poolKeysAll",
    "poolsWithIdentities",
  ]),
  denialsPrune: "the table is bounded",
  dependencyDueFirst: "the first row of a table that is empty as a rule",
  jobsToAdvance: "partial indexes that hold nothing else",
};

function all(reason: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, reason]));
}

const database = new DatabaseSync(":memory:");
const modules = sourceFiles.filter(
  (file) =>
    /^src\/store\/(?!engine\/|migrations\/)/.test(file) && !isTest(file) && !file.endsWith("schema.ts"),
);

beforeAll(() => migrate(new SqliteConnection(database)));
afterAll(() => database.close());

interface Explained {
  readonly name: string;
  readonly plan: readonly string[];
}

async function explained(file: string): Promise<Explained[]> {
  const exported = (await import(`${repository}/${file}`)) as Record<string, unknown>;
  return Object.entries(exported).flatMap(([name, value]) => {
    const text = (value as { text?: unknown } | null)?.text;
    if (typeof text !== "function") return [];
    const sql = String(text("sqlite"));
    const parameters = Array((sql.match(/\?/g) ?? []).length).fill(null);
    const rows = database.prepare(`explain query plan ${sql}`).all(...parameters) as { detail: string }[];
    return [{ name, plan: rows.map(({ detail }) => detail) }];
  });
}

const isCostly = (step: string): boolean =>
  /USE TEMP B-TREE/.test(step) || (/^SCAN /.test(step) && !/^SCAN (given|\d+ CONSTANT|CONSTANT)/.test(step));

test("no statement reads a whole table, or sorts, unless it is listed", async () => {
  const costly: string[] = [];
  for (const file of modules)
    for (const { name, plan } of await explained(file)) {
      const steps = plan.filter(isCostly);
      if (steps.length > 0) costly.push(`${name}: ${steps.join("; ")}`);
    }
  expect(costly.filter((entry) => LISTED[entry.slice(0, entry.indexOf(":"))] === undefined)).toEqual([]);
  expect(Object.keys(LISTED).filter((name) => !costly.some((entry) => entry.startsWith(`${name}:`)))).toEqual(
    [],
  );
});
