/** A seed of two tenants: Contoso with two Batch accounts and an application per role, Fabrikam with an application only. */
import { randomUUID } from "node:crypto";
import type { BatchClient } from "./batch-client.fixture.ts";

export interface Application {
  readonly clientId: string;
  readonly clientSecret: string;
}

export const CONTOSO = "aaaaaaaa-0000-4000-8000-000000000001";
export const FABRIKAM = "bbbbbbbb-0000-4000-8000-000000000002";
export const SUBSCRIPTION = "cccccccc-0000-4000-8000-000000000003";
export const LOCATION = "westeurope";

const application = (): Application => ({
  clientId: randomUUID(),
  clientSecret: `${randomUUID()}${randomUUID()}`,
});

/** By what they may do; the first one is the service's own first application. */
export const applications = {
  contributor: application(),
  owner: application(),
  reader: application(),
  accountReader: application(),
  dataContributor: application(),
  submitter: application(),
  /** Contributor of the other account alone. */
  neighbour: application(),
  nobody: application(),
};
export const foreigner = application();

const scopeOf = (account: string) =>
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/lab/providers/Microsoft.Batch/batchAccounts/${account}`;

export const contosoSeed = {
  tenants: [
    { tenantId: CONTOSO, domains: ["contoso.example"], applications: Object.values(applications) },
    { tenantId: FABRIKAM, domains: ["fabrikam.example"], applications: [foreigner] },
  ],
  subscriptions: [{ subscriptionId: SUBSCRIPTION, tenantId: CONTOSO }],
  accounts: ["first", "second"].map((name) => ({
    name,
    subscriptionId: SUBSCRIPTION,
    resourceGroup: "lab",
    location: LOCATION,
  })),
  roleAssignments: [
    {
      principal: applications.contributor.clientId,
      role: "Contributor",
      scope: `/subscriptions/${SUBSCRIPTION}`,
    },
    { principal: applications.owner.clientId, role: "Owner", scope: scopeOf("first") },
    {
      principal: applications.reader.clientId,
      role: "Reader",
      scope: `/subscriptions/${SUBSCRIPTION}/resourceGroups/lab`,
    },
    {
      principal: applications.accountReader.clientId,
      role: "Azure Batch Account Reader",
      scope: scopeOf("first"),
    },
    {
      principal: applications.dataContributor.clientId,
      role: "Azure Batch Data Contributor",
      scope: scopeOf("first"),
    },
    {
      principal: applications.submitter.clientId,
      role: "Azure Batch Job Submitter",
      scope: scopeOf("first"),
    },
    { principal: applications.neighbour.clientId, role: "Contributor", scope: scopeOf("second") },
  ],
};

/** A client for each application of Contoso, all on the first account. */
export async function signInAll(
  client: BatchClient,
): Promise<Record<keyof typeof applications, BatchClient>> {
  const names = Object.keys(applications) as (keyof typeof applications)[];
  const entries = await Promise.all(
    names.map(async (name) => [name, client.as(await client.token(applications[name]))] as const),
  );
  return Object.fromEntries(entries) as Record<keyof typeof applications, BatchClient>;
}
