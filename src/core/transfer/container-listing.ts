/**
 * One page of a container's blobs, as the storage service lists them. Reads the few elements that a download needs; a
 * document type, with which XML can name other files, is refused. Source: Azure Storage REST, "List Blobs".
 */
import { elementOf, unescaped } from "./storage-xml.ts";

export interface ListingPage {
  readonly blobs: readonly { readonly name: string; readonly length: number }[];
  /** Where the next page begins; undefined on the last. */
  readonly nextMarker?: string;
}

/** @throws Error for what is no listing */
export function readListing(xml: string): ListingPage {
  if (!xml.includes("<EnumerationResults") || xml.includes("<!DOCTYPE")) throw new Error("It is no listing.");
  const blobs = [...xml.matchAll(/<Blob>(.*?)<\/Blob>/gs)].map(([, blob = ""]) => ({
    name: nameOf(blob),
    length: Number(elementOf(blob, "Content-Length") ?? Number.NaN),
  }));
  const nextMarker = elementOf(xml, "NextMarker");
  return { blobs, ...(nextMarker ? { nextMarker } : {}) };
}

function nameOf(blob: string): string {
  const [, attributes = "", text] = /<Name([^>]*)>([^<]*)<\/Name>/.exec(blob) ?? [];
  if (text === undefined) throw new Error("A blob of the listing has no name.");
  const name = unescaped(text);
  return /Encoded="true"/i.test(attributes) ? decodeURIComponent(name) : name;
}
