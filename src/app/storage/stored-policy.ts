/** Stored access policies of a container, which signatures name by `si`. Source: "Define a stored access policy"; "Get Container ACL". */
import type { SasTerms } from "../../core/storage/sas.ts";
import { readXml } from "../../core/xml/xml-elements.ts";
import type { Storage } from "./storage.ts";
import type { StorageAccount } from "./storage-account.ts";

const POLICY = "SignedIdentifiers/SignedIdentifier";

/** @returns undefined where container or policy is not there */
export async function storedPolicy(
  storage: Pick<Storage, "ask">,
  account: StorageAccount,
  container: string,
  identifier: string,
): Promise<SasTerms | undefined> {
  const { status, text } = await storage.ask(account, {
    method: "GET",
    path: `/${container}`,
    query: "restype=container&comp=acl",
  });
  return status === 200 ? readPolicies(text).get(identifier) : undefined;
}

/** By identifier. @throws XmlError */
export function readPolicies(document: string): Map<string, SasTerms> {
  const policies = new Map<string, SasTerms>();
  let texts: Record<string, string> = {};
  readXml(document, ({ path, text }) => {
    if (path === POLICY) {
      const { Id = "", Start: start, Expiry: expiry, Permission: permissions } = texts;
      policies.set(Id, { start, expiry, permissions });
      texts = {};
    } else if (path.startsWith(`${POLICY}/`)) texts[path.slice(path.lastIndexOf("/") + 1)] = text;
  });
  return policies;
}
