/** The application that the path names: `{id}` is its object id, `(appId='…')` its application id, and neither serves as the other. */
import { type Application, applicationRead } from "../../../app/directory/application.ts";
import { directoryObjectMissing } from "../../../app/directory/directory-fault.ts";
import type { GraphContext } from "../request/context.ts";
import { keyOf } from "../request/key.ts";

/** @throws Fault Request_ResourceNotFound */
export async function namedApplication({ plane, tenantId, path }: GraphContext): Promise<Application> {
  const { value, isId } = keyOf(path.id, "appId");
  const found = await applicationRead(plane.directory, tenantId, value);
  if ((isId ? found.objectId : found.appId) !== value.toLowerCase())
    throw directoryObjectMissing("application", value);
  return found;
}
