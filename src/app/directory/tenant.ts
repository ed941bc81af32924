/** Tenants: their names and domains, and Azure's own principals that each of them has. */
import { randomUUID } from "node:crypto";
import { clientInTenant, servicePrincipalRowInsert } from "../../store/applications.ts";
import { tenantByDomain, tenantDomains, tenantsAll } from "../../store/directory.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { FIRST_PARTY_APPLICATIONS } from "../../wire/entra/first-party.ts";
import type { Directory, Tenant } from "./directory.ts";

export interface Domain {
  readonly name: string;
  readonly isDefault: boolean;
}

/** All are verified. */
export async function domainList(directory: Directory, tenant: Tenant): Promise<Domain[]> {
  const rows = await tenantDomains.all(directory.read, { tenant_id: tenant.id });
  const isDefault = (domain: string) => domain === tenant.defaultDomain.toLowerCase();
  return rows.map(({ domain }) => ({ name: domain, isDefault: isDefault(domain) }));
}

/** Adds what is missing of Azure's own principals, in every tenant: also in those that an older program made. */
export async function ensureFirstPartyPrincipals(directory: Directory, now: number): Promise<void> {
  await directory.change(async (c) => {
    for (const { id } of await tenantsAll.all(c, {})) await firstPartyPrincipalsInsert(c, id, now);
  });
}

/** Inside a write. */
export async function firstPartyPrincipalsInsert(
  c: Connection,
  tenantId: string,
  now: number,
): Promise<void> {
  for (const { appId, displayName } of FIRST_PARTY_APPLICATIONS) {
    if (await clientInTenant.first(c, { tenant_id: tenantId, app_id: appId })) continue;
    await servicePrincipalRowInsert.run(c, {
      object_id: randomUUID(),
      tenant_id: tenantId,
      app_id: appId,
      display_name: displayName,
      enabled: 1,
      created_at: now,
      assignment_required: 0,
    });
  }
}

/** Whether a domain is some tenant's. */
export async function isVerifiedDomain(directory: Directory, domain: string): Promise<boolean> {
  return (await tenantByDomain.first(directory.read, { domain: domain.toLowerCase() })) !== undefined;
}
