/** What the account offers to all its pools. */
import { nodeAgentSkus, supportedImages } from "../../wire/batch/supported-images.ts";
import type { BatchContext, BatchReply } from "./request/context.ts";
import { listReply } from "./request/list.ts";
import { operation } from "./request/operation.ts";

/** A list that is the same for everyone, page after page. */
const fixedList = (
  context: BatchContext,
  collection: string,
  members: readonly object[],
): Promise<BatchReply> =>
  listReply<{ readonly key: number; readonly member: object }>(context, {
    collection,
    keyOf: ({ key }) => key,
    fetch: async (after, limit) =>
      members.map((member, index) => ({ key: index + 1, member })).slice(after, after + limit),
    view: ({ member }) => member,
  });

export const listSupportedImages = operation("Account_ListSupportedImages", (context) =>
  fixedList(context, "supportedimages", supportedImages),
);

export const listNodeAgentSkus = operation("Account_ListNodeAgentSkus", (context) =>
  fixedList(context, "nodeagentskus", nodeAgentSkus),
);
