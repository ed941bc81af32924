/** What the service says about a file in headers. */
import type { HttpHeaders } from "@azure/core-rest-pipeline";
import type { FileProperties } from "../wire/batch/models-types.gen.ts";

export interface FileFacts extends FileProperties {
  readonly isDirectory: boolean;
  readonly url: string | undefined;
}

export function fileFactsOf(headers: HttpHeaders): FileFacts {
  return {
    contentLength: Number(headers.get("content-length") ?? 0),
    contentType: headers.get("content-type"),
    lastModified: isoTime(headers.get("last-modified")) ?? "",
    creationTime: isoTime(headers.get("ocp-creation-time")),
    fileMode: headers.get("ocp-batch-file-mode"),
    isDirectory: headers.get("ocp-batch-file-isdirectory")?.toLowerCase() === "true",
    url: headers.get("ocp-batch-file-url"),
  };
}

/** As lists have it. */
function isoTime(httpDate: string | undefined): string | undefined {
  return httpDate === undefined ? undefined : new Date(httpDate).toISOString();
}
