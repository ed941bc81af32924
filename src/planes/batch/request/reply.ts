/** The shapes of successful replies. */
import { etagOf, type ResourceVersion } from "../../../core/lifecycle/resource-version.ts";
import type { BatchContext, BatchReply } from "./context.ts";

/** One resource or one list, with the metadata link that clients of the protocol expect first. */
export function resourceReply(context: BatchContext, metadata: string, resource: object): BatchReply {
  return { json: { "odata.metadata": `${context.exchange.origin}/$metadata#${metadata}`, ...resource } };
}

/** A resource read by its id, with its validators. */
export function taggedReply(
  context: BatchContext,
  metadata: string,
  row: ResourceVersion & { readonly modified_at: number },
  resource: object,
): BatchReply {
  return { ...resourceReply(context, metadata, resource), headers: validators(row) };
}

/** A change that answers without a body: the new validators, and the resource's address. */
export function changedReply(
  context: BatchContext,
  path: string,
  row: ResourceVersion & { readonly modified_at: number },
): BatchReply {
  const isNew = row.version === 1;
  const location = isNew ? ["Location", `${context.exchange.origin}/${path}`] : [];
  return { headers: [...actedHeaders(context, path, row), ...location] };
}

/** What was done something with, and has no version of its own: its time and address. */
export function untaggedHeaders(context: BatchContext, path: string, modifiedAt: number): string[] {
  return [...lastModified(modifiedAt), "DataServiceId", `${context.exchange.origin}/${path}`];
}

/** A resource read that has no version of its own. */
export function untaggedReply(
  context: BatchContext,
  metadata: string,
  modifiedAt: number,
  resource: object,
): BatchReply {
  return { ...resourceReply(context, metadata, resource), headers: lastModified(modifiedAt) };
}

/** What was done something with: its validators and address. */
export function actedHeaders(
  context: BatchContext,
  path: string,
  row: ResourceVersion & { readonly modified_at: number },
): string[] {
  return [...validators(row), "DataServiceId", `${context.exchange.origin}/${path}`];
}

/** The tag stands without quotes, as the service writes it. */
export function validators(row: ResourceVersion & { readonly modified_at: number }): string[] {
  return ["ETag", etagOf(row), ...lastModified(row.modified_at)];
}

/** Of what has no version of its own. */
export function lastModified(epochMs: number): string[] {
  return ["Last-Modified", new Date(epochMs).toUTCString()];
}

/** Of times told lately; a power of two. What is watched, and what was added together, tells the same ones again and again. */
const TIMES_KEPT = 256;
const timesKept = new Array<{ readonly epochMs: number; readonly text: string } | undefined>(TIMES_KEPT);

/** A time as the protocol writes it. */
export function time(epochMs: number): string {
  const at = epochMs & (TIMES_KEPT - 1);
  let told = timesKept[at];
  if (told?.epochMs !== epochMs) {
    told = { epochMs, text: new Date(epochMs).toISOString() };
    timesKept[at] = told;
  }
  return told.text;
}
