/** Objects by their ids, whatever they are. */
import { directoryObjectMissing } from "../../../app/directory/directory-fault.ts";
import { DIRECTORY_OBJECTS } from "../entity-sets.ts";
import { operation } from "../request/context.ts";
import { versionUrl } from "../request/envelope.ts";
import { readBody } from "../request/json-body.ts";
import { keyOf } from "../request/key.ts";
import { objectReply } from "../request/list.ts";
import { directoryObjectView, directoryObjectViews } from "./directory-object-view.ts";

/** "directoryObject: getByIds". */
const MAX_IDS = 1000;

export const get = operation("DirectoryObjects_Get", async (context) => {
  const { value } = keyOf(context.path.id, "id");
  const found = await directoryObjectView(context, value);
  if (found === undefined) throw directoryObjectMissing("object", value);
  return objectReply(context, DIRECTORY_OBJECTS, found);
});

/** Ids that name nothing in the tenant are left out. */
export const getByIds = operation("DirectoryObjects_GetByIds", async (context) => {
  const body = await readBody(context.exchange);
  const ids = body.texts("ids");
  if (ids === undefined) throw body.wrong("ids", "is required");
  if (ids.length > MAX_IDS) throw body.wrong("ids", `has at most ${MAX_IDS} elements`);
  const types = body.texts("types") ?? [];
  body.end();
  const wanted = new Set(types.map((type) => `#microsoft.graph.${type}`.toLowerCase()));
  const isOpen = wanted.size === 0 || wanted.has("#microsoft.graph.directoryobject");
  const found = await directoryObjectViews(context, new Set(ids.map((id) => id.toLowerCase())));
  return {
    json: {
      "@odata.context": `${versionUrl(context.exchange)}/$metadata#directoryObjects`,
      value: found.filter((view) => isOpen || wanted.has(view["@odata.type"].toLowerCase())),
    },
  };
});
