/** Whether a principal may act: what the directory's last committed state says. `Access` remembers it; ask there. */
import { clientInTenant, servicePrincipalByObjectId } from "../../store/applications.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { groupByObjectId, userByObjectId } from "../../store/users.ts";

export type PrincipalState = "active" | "disabled" | "gone";

/** The state of a service principal, user or group. */
export async function principalState(
  c: Connection,
  tenantId: string,
  objectId: string,
): Promise<PrincipalState> {
  const key = { tenant_id: tenantId, object_id: objectId };
  const row = (await servicePrincipalByObjectId.first(c, key)) ?? (await userByObjectId.first(c, key));
  if (row !== undefined) return row.enabled === 1 ? "active" : "disabled";
  return (await groupByObjectId.first(c, key)) === undefined ? "gone" : "active";
}

/** The state of the service principal that an application has in the tenant. */
export async function applicationState(
  c: Connection,
  tenantId: string,
  appId: string,
): Promise<PrincipalState> {
  const row = await clientInTenant.first(c, { tenant_id: tenantId, app_id: appId });
  if (row === undefined) return "gone";
  return row.enabled === 1 ? "active" : "disabled";
}
