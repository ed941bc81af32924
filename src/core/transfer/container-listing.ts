/**
 * One page of a container's blobs, as the storage service lists them. Reads the few elements that a download needs; a
 * document type, with which XML can name other files, is refused. Source: Azure Storage REST, "List Blobs".
 */
import { elementIn, elementOf, unescaped } from "./storage-xml.ts";

export interface ListingPage {
  readonly blobs: readonly { readonly name: string; readonly length: number }[];
  /** Where the next page begins; undefined on the last. */
  readonly nextMarker?: string;
}

/** A page has at most 5,000: "List Blobs", `maxresults`. */
const BLOBS_MAX = 5_000;

/** In one pass, whatever the document is. @throws Error for what is no listing */
export function readListing(xml: string): ListingPage {
  if (!xml.includes("<EnumerationResults") || xml.includes("<!DOCTYPE")) throw new Error("It is no listing.");
  const blobs: { name: string; length: number }[] = [];
  let at = 0;
  for (;;) {
    const start = xml.indexOf("<Blob>", at);
    const end = start < 0 ? -1 : xml.indexOf("</Blob>", start);
    if (end < 0) break;
    if (blobs.length === BLOBS_MAX) throw new Error("The listing has too many blobs.");
    const blob = xml.slice(start, end);
    blobs.push({ name: nameOf(blob), length: Number(elementOf(blob, "Content-Length") ?? Number.NaN) });
    at = end;
  }
  const nextMarker = elementOf(xml.slice(at), "NextMarker");
  return { blobs, ...(nextMarker ? { nextMarker } : {}) };
}

function nameOf(blob: string): string {
  const element = elementIn(blob, "Name");
  if (!element) throw new Error("A blob of the listing has no name.");
  const name = unescaped(element.text);
  return /\bEncoded="true"/i.test(element.attributes) ? decodeURIComponent(name) : name;
}
