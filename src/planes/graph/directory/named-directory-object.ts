/** The object of any kind that the path names by its id. */
import { directoryObjectMissing } from "../../../app/directory/directory-fault.ts";
import { directoryObjectFind } from "../../../app/directory/directory-object.ts";
import type { GraphContext } from "../request/context.ts";
import { keyOf } from "../request/key.ts";

/** @throws Fault Request_ResourceNotFound */
export async function namedDirectoryObject({ plane, tenantId, path }: GraphContext) {
  const { value } = keyOf(path.id, "id");
  const found = await directoryObjectFind(plane.directory, tenantId, value);
  if (found === undefined) throw directoryObjectMissing("object", value);
  return found.object;
}
