/** The shape of a row of the generated operation table. */
import type { BatchModelName } from "./models.gen.ts";

export interface BatchApiVersion {
  readonly version: string;
  /** False where the version is derived from its neighbours' descriptions and the list of changes. */
  readonly described: boolean;
}

export interface BatchQueryParameter {
  readonly name: string;
  readonly type: "string" | "int32" | "boolean" | "date-time";
  readonly min?: number;
  readonly max?: number;
  readonly default?: number | boolean;
  /** Another most, from an api-version on. */
  readonly later?: { readonly since: number; readonly max: number };
  /** Index of the first api-version known to have it. */
  readonly since?: number;
}

export type BatchConditionalHeader =
  | "If-Match"
  | "If-None-Match"
  | "If-Modified-Since"
  | "If-Unmodified-Since";

export interface BatchOperation {
  readonly id: string;
  readonly method: "GET" | "PUT" | "POST" | "PATCH" | "DELETE" | "HEAD";
  readonly path: string;
  readonly pathParameters: readonly string[];
  /** Besides `api-version` and `timeout`, which all operations take. */
  readonly query: readonly BatchQueryParameter[];
  /** Besides `client-request-id`, `return-client-request-id` and `ocp-date`. */
  readonly headers: readonly (BatchConditionalHeader | "ocp-range")[];
  readonly body?: BatchModelName;
  readonly bodyRequired?: boolean;
  readonly response?: BatchModelName;
  /** What api-versions up to index `until` answered instead. */
  readonly olderResponse?: { readonly model: BatchModelName; readonly until: number };
  /** The first is the usual one. */
  readonly success: readonly number[];
  /** Default of the `timeout` parameter where it is not 30. */
  readonly timeoutSeconds?: number;
  /** Indexes into `batchApiVersions`, both inclusive. */
  readonly since: number;
  readonly until: number;
}
