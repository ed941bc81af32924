/** Deleted objects. None is kept here: what is deleted is gone at once, so there is nothing to restore. */
import { directoryObjectMissing } from "../../../app/directory/directory-fault.ts";
import { DIRECTORY_OBJECTS } from "../entity-sets.ts";
import { type GraphContext, operation } from "../request/context.ts";
import { listReply } from "../request/list.ts";

export const list = operation("DeletedItems_List", (context) => listReply(context, DIRECTORY_OBJECTS, []));

const missing = async ({ path }: GraphContext): Promise<never> => {
  throw directoryObjectMissing("deleted object", path.id ?? "");
};

export const get = operation("DeletedItems_Get", missing);
export const remove = operation("DeletedItems_Delete", missing);
export const restore = operation("DeletedItems_Restore", missing);
