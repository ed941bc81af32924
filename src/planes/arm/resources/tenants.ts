/** The tenants that a caller can reach: its own. */
import { tenantRead } from "../../../app/management/tenant-read.ts";
import { operation } from "../request/operation.ts";

export const listTenants = operation("Microsoft.Resources/Tenants_List", async ({ plane, principal }) => {
  const tenant = await tenantRead(plane, principal.tenantId);
  const value = {
    id: `/tenants/${tenant.id}`,
    tenantId: tenant.id,
    displayName: tenant.displayName,
    defaultDomain: tenant.defaultDomain,
    domains: tenant.domains,
    tenantCategory: "Home",
    tenantType: "AAD",
    // No directory here says where it is; clients read words.
    country: "United States",
    countryCode: "US",
  };
  return { json: { value: [value] } };
});
