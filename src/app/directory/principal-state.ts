/** Whether a principal that a token was issued to may still act. */
import { servicePrincipalByObjectId } from "../../store/applications.ts";
import { userByObjectId } from "../../store/users.ts";
import type { Directory } from "./directory.ts";

export async function principalState(
  directory: Directory,
  tenantId: string,
  kind: "ServicePrincipal" | "User",
  objectId: string,
): Promise<"active" | "disabled" | "gone"> {
  const key = { tenant_id: tenantId, object_id: objectId };
  const row =
    kind === "User"
      ? await userByObjectId.first(directory.read, key)
      : await servicePrincipalByObjectId.first(directory.read, key);
  if (row === undefined) return "gone";
  return row.enabled === 1 ? "active" : "disabled";
}
