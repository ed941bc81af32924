/** What the account offers to all its pools. */

import { supportedImages } from "../../wire/batch/supported-images.ts";
import { listReply } from "./request/list.ts";
import { operation } from "./request/operation.ts";

export const listSupportedImages = operation("Account_ListSupportedImages", (context) =>
  listReply<{ readonly key: number; readonly image: object }>(context, {
    collection: "supportedimages",
    keyOf: ({ key }) => key,
    fetch: async (after, limit) =>
      supportedImages.map((image, index) => ({ key: index + 1, image })).slice(after, after + limit),
    view: ({ image }) => image,
  }),
);
