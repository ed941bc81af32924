/** Which scripts of other origins an account lets in, as its Blob service's properties say. Source: "Cross-Origin Resource Sharing (CORS) support for Azure Storage". */
import type { CorsRule } from "../../core/storage/cors.ts";
import { readXml } from "../../core/xml/xml-elements.ts";
import type { Storage } from "./storage.ts";
import type { StorageAccount } from "./storage-account.ts";

const RULE = "StorageServiceProperties/Cors/CorsRule";

/** In their order, which decides. An account that was never used has none. */
export async function corsRules(
  storage: Pick<Storage, "ask" | "backend">,
  account: StorageAccount,
): Promise<CorsRule[]> {
  if (!storage.backend.wasUsed) return [];
  const { status, text } = await storage.ask(account, {
    method: "GET",
    path: "/",
    query: "restype=service&comp=properties",
  });
  if (status !== 200) return [];
  const rules: CorsRule[] = [];
  let texts: Record<string, string> = {};
  readXml(text, ({ path, text: value }) => {
    if (path === RULE) {
      rules.push({
        origins: listOf(texts.AllowedOrigins),
        methods: listOf(texts.AllowedMethods),
        headers: listOf(texts.AllowedHeaders),
        exposed: listOf(texts.ExposedHeaders),
        maxAgeSeconds: Number(texts.MaxAgeInSeconds ?? 0) || 0,
      });
      texts = {};
    } else if (path.startsWith(`${RULE}/`)) texts[path.slice(RULE.length + 1)] = value;
  });
  return rules;
}

const listOf = (text = ""): string[] =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
