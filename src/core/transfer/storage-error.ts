/** What a storage service says about its refusal, made fit for a task's `failureInfo`. Source: Azure Storage REST, "Status and error codes". */
import { xmlTexts } from "../xml/xml-elements.ts";

const CHARACTERS_MAX = 400;

/**
 * Its code, its message and the id of the request, on one line; undefined for a document that is none of its errors.
 * @param document whatever a server has sent
 */
export function storageError(document: string): string | undefined {
  const { code, message } = codeAndMessage(document);
  if (code === undefined || message === undefined) return undefined;
  const end = message.lastIndexOf("Time:");
  const said = (end < 0 ? message : message.slice(0, end)).replace(/\s+/g, " ").trim();
  return `${code}: ${said.replace(/\p{C}/gu, "")}`.slice(0, CHARACTERS_MAX);
}

function codeAndMessage(document: string): { code?: string | undefined; message?: string | undefined } {
  try {
    const texts = xmlTexts(document, ["Error/Code", "Error/Message"]);
    return { code: texts.get("Error/Code"), message: texts.get("Error/Message") };
  } catch {
    return {};
  }
}
