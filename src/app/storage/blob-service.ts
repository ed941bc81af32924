/** What an account's Blob service is, as management sees it: the service itself keeps it. */
import { Fault } from "../../core/fault.ts";
import { type BlobServiceBody, servicePropertiesXml } from "../../core/storage/blob-service-body.ts";
import { readXml } from "../../core/xml/xml-elements.ts";
import { corsRules } from "./cors-rules.ts";
import type { Storage } from "./storage.ts";
import type { StorageAccount } from "./storage-account.ts";

type BlobService = Pick<Storage, "ask" | "backend">;

const PROPERTIES = { path: "/", query: "restype=service&comp=properties" };
const VERSION = "StorageServiceProperties/DefaultServiceVersion";

/** @throws Fault StorageUnavailable */
export async function blobServiceGet(
  storage: BlobService,
  account: StorageAccount,
): Promise<BlobServiceBody> {
  if (!storage.backend.wasUsed) return { corsRules: [], defaultServiceVersion: undefined };
  const { text } = await storage.ask(account, { method: "GET", ...PROPERTIES });
  let version: string | undefined;
  readXml(text, (element) => {
    if (element.path === VERSION) version = element.text || undefined;
  });
  return { corsRules: await corsRules(storage, account), defaultServiceVersion: version };
}

/** @throws Fault StorageUnavailable, or the service's own refusal */
export async function blobServiceSet(
  storage: BlobService,
  account: StorageAccount,
  wanted: BlobServiceBody,
): Promise<BlobServiceBody> {
  const isChange = (wanted.corsRules ?? []).length > 0 || wanted.defaultServiceVersion !== undefined;
  // A service that was never used has no rules: it need not be started to lose them.
  if (!isChange && !storage.backend.wasUsed) return blobServiceGet(storage, account);
  const body = servicePropertiesXml(wanted);
  const headers = { "content-type": "application/xml" };
  const { status, code } = await storage.ask(account, { method: "PUT", ...PROPERTIES, headers, body });
  if (status !== 202) throw new Fault(code, "The Blob service refused its new properties.", { status });
  return blobServiceGet(storage, account);
}
