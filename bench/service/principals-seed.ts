/** A seed file with many applications, each of them a Reader of the one account. */
import { randomBytes, randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import type { Credentials } from "./batch-session.ts";

/** The first one is a Contributor: it makes what the others read. */
export async function writePrincipalsSeed(file: string, count: number): Promise<Credentials[]> {
  const tenantId = randomUUID();
  const subscriptionId = randomUUID();
  const principals = Array.from({ length: count }, () => ({
    clientId: randomUUID(),
    clientSecret: randomBytes(32).toString("base64url"),
  }));
  const scope = `/subscriptions/${subscriptionId}`;
  const seed = {
    tenants: [{ tenantId, domains: ["bench.onmicrosoft.com"], applications: principals }],
    subscriptions: [{ subscriptionId, tenantId }],
    accounts: [{ name: "bench", subscriptionId, resourceGroup: "bench", location: "here" }],
    roleAssignments: principals.map(({ clientId }, index) => ({
      principal: clientId,
      role: index === 0 ? "Contributor" : "Reader",
      scope,
    })),
  };
  await writeFile(file, JSON.stringify(seed), { mode: 0o600 });
  return principals;
}
