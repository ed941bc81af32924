/** A tenant as management sees it. */
import { tenantById, tenantDomains } from "../../store/directory.ts";
import type { Management } from "./management.ts";

export interface TenantRecord {
  readonly id: string;
  readonly displayName: string;
  readonly defaultDomain: string;
  readonly domains: readonly string[];
}

/** @param tenantId of a verified token: there is such a tenant */
export async function tenantRead({ store }: Management, tenantId: string): Promise<TenantRecord> {
  const tenant = await tenantById.first(store.read, { id: tenantId });
  if (!tenant) throw new Error("a verified token names a tenant that is not there");
  const rows = await tenantDomains.all(store.read, { tenant_id: tenantId });
  return {
    id: tenant.id,
    displayName: tenant.display_name,
    defaultDomain: tenant.default_domain,
    domains: rows.map(({ domain }) => domain),
  };
}
