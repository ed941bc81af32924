/** What a storage service says about its refusal, made fit for a task's `failureInfo`. Source: Azure Storage REST, "Status and error codes". */
import { elementOf } from "./storage-xml.ts";

const CHARACTERS_MAX = 400;

/**
 * Its code, its message and the id of the request, on one line; undefined for a document that is none of its errors.
 * @param document whatever a server has sent
 */
export function storageError(document: string): string | undefined {
  const code = elementOf(document, "Code");
  const message = elementOf(document, "Message");
  if (!/<Error>/.test(document) || code === undefined || message === undefined) return undefined;
  const said = message.replace(/\s*Time:.*$/s, "").replace(/\s+/g, " ");
  return `${code}: ${said.replace(/\p{C}/gu, "")}`.slice(0, CHARACTERS_MAX);
}
