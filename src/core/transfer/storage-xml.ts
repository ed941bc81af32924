/** The little of XML that the storage service's documents need: elements that hold text. Pure. */

export interface XmlElement {
  /** As they stand between the name and the bracket. */
  readonly attributes: string;
  /** As it stands there. */
  readonly text: string;
}

/**
 * The first element of this name that holds nothing but text, found by index: no document takes longer than its length. Undefined where
 * there is none.
 */
export function elementIn(xml: string, name: string): XmlElement | undefined {
  const [opening, closing] = [`<${name}`, `</${name}>`];
  for (let start = xml.indexOf(opening); start >= 0; start = xml.indexOf(opening, start + 1)) {
    const after = xml[start + opening.length];
    if (after !== ">" && after !== " ") continue;
    const text = xml.indexOf(">", start) + 1;
    const end = text === 0 ? -1 : xml.indexOf("<", text);
    if (end < 0) return undefined;
    if (xml.startsWith(closing, end))
      return { attributes: xml.slice(start + opening.length, text - 1), text: xml.slice(text, end) };
    start = end - 1;
  }
  return undefined;
}

/** The text of the first element of this name; undefined where there is none. */
export function elementOf(xml: string, name: string): string | undefined {
  const element = elementIn(xml, name);
  return element && unescaped(element.text);
}

const ENTITIES = new Map([
  ["lt", "<"],
  ["gt", ">"],
  ["amp", "&"],
  ["quot", '"'],
  ["apos", "'"],
]);

export function unescaped(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{1,8}));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES.get(name) ?? whole;
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
