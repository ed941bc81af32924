/** The JSON body of a management request. Read by handlers, so after authorization. */
import { asObject, invalidContent, type JsonObject } from "../../core/management/json-body.ts";
import type { Exchange } from "../../http/exchange.ts";
import { BODY_MAX_BYTES } from "../../wire/arm/limits.ts";

/** @throws Fault InvalidRequestContent, RequestBodyTooLarge */
export async function jsonRequest(exchange: Exchange): Promise<JsonObject> {
  const bytes = await exchange.readBody(BODY_MAX_BYTES);
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw invalidContent("the body", `is not JSON (${(cause as Error).message})`);
  }
  return asObject(value, "the body");
}
