/** Where a service principal comes from. Pure. */
import { firstPartyApplication } from "../../../src/wire/entra/first-party.ts";
import type { ServicePrincipal } from "../../api/directory.ts";

export function originOf({ servicePrincipalType, appId, ...principal }: ServicePrincipal, tenantId: string) {
  if (servicePrincipalType === "ManagedIdentity") return "Managed identity";
  if (firstPartyApplication(appId.toLowerCase()) !== undefined) return "Microsoft application";
  return principal.appOwnerOrganizationId === tenantId
    ? "Enterprise application"
    : "Enterprise application of another tenant";
}
