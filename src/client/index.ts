/** `batchyard/client`: a client of the Batch service for TypeScript, the real one or Batchyard. */

export type * as models from "../wire/batch/models-types.gen.ts";
export { BatchClient, type BatchClientOptions } from "./batch-client.ts";
export { BatchError, type BatchErrorValue } from "./batch-error.ts";
export {
  type AccessToken,
  type BatchCredentials,
  BatchSharedKeyCredentials,
  BatchTokenCredentials,
  type TokenCredential,
  type TokenProvider,
} from "./credentials.ts";
export type { FileFacts } from "./file-facts.ts";
export type { PagedList } from "./paged-list.ts";
export type {
  BatchResponse,
  Conditions,
  QueryOptions,
  RangeOption,
  RequestOptions,
} from "./request-options.ts";
