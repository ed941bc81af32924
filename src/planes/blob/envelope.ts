/** The Blob service's refusals: XML, with the code in a header too. Source: "Status and error codes". */
import type { Fault } from "../../core/fault.ts";
import { element, xmlDocument } from "../../core/xml/xml-text.ts";
import type { Exchange } from "../../http/exchange.ts";
import { BLOB_API_VERSION, isBlobApiVersion } from "../../wire/storage/blob-version.ts";

/** @param challenge for a 401: where to get a token */
export function replyFault(exchange: Exchange, fault: Fault, now: number, challenge: string): void {
  const { code, status = 500 } = fault;
  const headers = [...commonHeaders(exchange), "x-ms-error-code", code, "content-type", "application/xml"];
  if (status === 401) headers.push("WWW-Authenticate", challenge);
  const body = faultDocument(fault, exchange.id, now);
  // What is left of a refused upload is not waited for.
  if (!exchange.request.complete) exchange.request.resume();
  if (exchange.method === "HEAD") exchange.response.writeHead(status, headers).end();
  else exchange.reply(status, headers, body);
}

export function faultDocument({ code, message, values }: Fault, id: string, now: number): string {
  const text = `${message}\nRequestId:${id}\nTime:${new Date(now).toISOString()}`;
  const more = values.map(({ key, value }) => element(key, value)).join("");
  return xmlDocument("Error", element("Code", code) + element("Message", text) + more);
}

export function commonHeaders({ id, headers, query }: Pick<Exchange, "id" | "headers" | "query">): string[] {
  const common = ["x-ms-request-id", id];
  const { "x-ms-version": version = query.get("sv"), "x-ms-client-request-id": clientId } = headers;
  if (typeof version === "string" && isBlobApiVersion(version)) common.push("x-ms-version", version);
  else common.push("x-ms-version", BLOB_API_VERSION);
  if (typeof clientId === "string" && /^[\x21-\x7e]{1,1024}$/.test(clientId))
    common.push("x-ms-client-request-id", clientId);
  return common;
}
