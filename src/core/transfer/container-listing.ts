/** One page of a container's blobs, as the storage service lists them: the few elements that a download needs. Source: Azure Storage REST, "List Blobs". */
import { readXml } from "../xml/xml-elements.ts";

export interface ListingPage {
  readonly blobs: readonly { readonly name: string; readonly length: number }[];
  /** Where the next page begins; undefined on the last. */
  readonly nextMarker?: string;
}

/** A page has at most 5,000: "List Blobs", `maxresults`. */
const BLOBS_MAX = 5_000;
const BLOB = "EnumerationResults/Blobs/Blob";

/** @throws Error for what is no listing */
export function readListing(xml: string): ListingPage {
  const blobs: { name: string; length: number }[] = [];
  let isListing = false;
  let name: string | undefined;
  let length = Number.NaN;
  let nextMarker = "";
  readXml(xml, ({ path, text, attributes }) => {
    if (path === `${BLOB}/Name`) name = decoded(text, attributes.Encoded);
    else if (path === `${BLOB}/Properties/Content-Length`) length = Number(text);
    else if (path === "EnumerationResults/NextMarker") nextMarker = text;
    else if (path === "EnumerationResults") isListing = true;
    else if (path === BLOB) {
      if (name === undefined) throw new Error("A blob of the listing has no name.");
      if (blobs.push({ name, length }) > BLOBS_MAX) throw new Error("The listing has too many blobs.");
      name = undefined;
      length = Number.NaN;
    }
  });
  if (!isListing) throw new Error("It is no listing.");
  return { blobs, ...(nextMarker === "" ? {} : { nextMarker }) };
}

/** A name that XML cannot hold comes percent-encoded. */
function decoded(name: string, isEncoded: string | undefined): string {
  return isEncoded?.toLowerCase() === "true" ? decodeURIComponent(name) : name;
}
