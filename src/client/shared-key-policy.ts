/**
 * Signs each request, and each retry of it, with an account's key. Source: "Authenticate requests to the Azure Batch
 * service", section "Authentication via shared key".
 */
import { createHmac } from "node:crypto";
import type { PipelinePolicy, PipelineRequest } from "@azure/core-rest-pipeline";
import type { BatchSharedKeyCredentials } from "./credentials.ts";

const SIGNED_HEADERS = [
  "content-encoding",
  "content-language",
  "content-length",
  "content-md5",
  "content-type",
  "date",
  "if-modified-since",
  "if-match",
  "if-none-match",
  "if-unmodified-since",
  "range",
] as const;

export function sharedKeyPolicy(credentials: BatchSharedKeyCredentials, clock: () => number): PipelinePolicy {
  return {
    name: "batchSharedKeyPolicy",
    sendRequest: (request, next) => {
      request.headers.set("ocp-date", new Date(clock()).toUTCString());
      const signature = createHmac("sha256", credentials.key())
        .update(stringToSign(credentials.account, request))
        .digest("base64");
      request.headers.set("authorization", `SharedKey ${credentials.account}:${signature}`);
      return next(request);
    },
  };
}

function stringToSign(account: string, { method, url, headers }: PipelineRequest): string {
  const { pathname, searchParams } = new URL(url);
  const standard = SIGNED_HEADERS.map((name) => headers.get(name) ?? "");
  const custom = byName([...headers].filter(([name]) => name.startsWith("ocp-")));
  const query = byName([...searchParams].map(([name, value]) => [name.toLowerCase(), value]));
  return [method, ...standard, ...custom, `/${account}${pathname}`, ...query].join("\n");
}

const byName = (pairs: readonly (readonly [name: string, value: string])[]): string[] =>
  pairs.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}:${value}`);
