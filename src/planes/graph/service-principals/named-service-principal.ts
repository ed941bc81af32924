/** The service principal that the path names: by its object id, or by `(appId='…')`. */
import { directoryObjectMissing } from "../../../app/directory/directory-fault.ts";
import { type ServicePrincipal, servicePrincipalRead } from "../../../app/directory/service-principal.ts";
import type { GraphContext } from "../request/context.ts";
import { keyOf } from "../request/key.ts";

/** @throws Fault Request_ResourceNotFound */
export async function namedServicePrincipal({
  plane,
  tenantId,
  path,
}: GraphContext): Promise<ServicePrincipal> {
  const { value, isId } = keyOf(path.id, "appId");
  const found = await servicePrincipalRead(plane.directory, tenantId, value);
  if ((isId ? found.objectId : found.appId) !== value.toLowerCase())
    throw directoryObjectMissing("service principal", value);
  return found;
}
