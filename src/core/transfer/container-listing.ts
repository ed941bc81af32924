/**
 * One page of a container's blobs, as the storage service lists them. Reads the few elements that a download needs; a
 * document type, with which XML can name other files, is refused. Source: Azure Storage REST, "List Blobs".
 */

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

function elementOf(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return text === undefined ? undefined : unescaped(text);
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{1,8}));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
