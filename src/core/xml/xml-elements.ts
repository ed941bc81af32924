/**
 * Reads XML that somebody else wrote: element by element, in time that grows with its length alone, within bounds. A document type, with which
 * XML can name other files and multiply itself, is refused. Pure.
 */
import { SaxesParser } from "saxes";

export interface XmlElement {
  /** Names from the root down to this element, with slashes between them. */
  readonly path: string;
  /** What stands in it directly, with entities resolved. */
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What the document is no good for; the message is for its writer. */
export class XmlError extends Error {}

const DEPTH_MAX = 16;
const ELEMENTS_MAX = 400_000;
const ATTRIBUTES_MAX = 16;
const BYTE_ORDER_MARK = "\ufeff";
const CHARACTERS_MAX = 32 * 1024 * 1024;

/**
 * @param onElement called at each element's end, so that children come before their parent
 * @throws XmlError
 */
export function readXml(document: string, onElement: (element: XmlElement) => void): void {
  if (document.length > CHARACTERS_MAX) throw new XmlError("The document is too long.");
  const parser = new SaxesParser({ xmlns: false, position: false });
  const open: { readonly path: string; text: string; readonly attributes: Record<string, string> }[] = [];
  let elements = 0;
  parser.on("error", ({ message }) => {
    throw new XmlError(message);
  });
  parser.on("doctype", () => {
    throw new XmlError("A document type is not taken.");
  });
  parser.on("opentag", ({ name, attributes }) => {
    if (open.length === DEPTH_MAX) throw new XmlError("The document is too deep.");
    elements += 1;
    if (elements > ELEMENTS_MAX || Object.keys(attributes).length > ATTRIBUTES_MAX) {
      throw new XmlError("The document has too many elements.");
    }
    const parent = open.at(-1);
    open.push({ path: parent === undefined ? name : `${parent.path}/${name}`, text: "", attributes });
  });
  const onText = (text: string) => {
    const element = open.at(-1);
    if (element) element.text += text;
  };
  parser.on("text", onText);
  parser.on("cdata", onText);
  parser.on("closetag", () => {
    const element = open.pop();
    if (element) onElement(element);
  });
  parser.write(document.startsWith(BYTE_ORDER_MARK) ? document.slice(1) : document).close();
}

/** Texts of the elements at these paths from the root; of several the first. @throws XmlError */
export function xmlTexts(document: string, paths: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  readXml(document, ({ path, text }) => {
    if (paths.includes(path) && !found.has(path)) found.set(path, text);
  });
  return found;
}
