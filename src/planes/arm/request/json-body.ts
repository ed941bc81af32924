/** The body of a management request. */
import type { Exchange } from "../../../http/exchange.ts";
import { BODY_MAX_BYTES } from "../../../wire/arm/limits.ts";
import { armFault } from "./arm-fault.ts";

/** Of an operation that takes one or none. @throws Fault RequestBodyTooLarge; InvalidRequestContent for what is no JSON object */
export async function readOptionalJsonBody(exchange: Exchange): Promise<Readonly<Record<string, unknown>>> {
  const bytes = await exchange.readBody(BODY_MAX_BYTES);
  return bytes.length === 0 ? {} : parsed(bytes);
}

/** @throws Fault RequestBodyTooLarge; InvalidRequestContent for what is no JSON object */
export async function readJsonBody(
  exchange: Exchange,
  maxBytes = BODY_MAX_BYTES,
): Promise<Readonly<Record<string, unknown>>> {
  return parsed(await exchange.readBody(maxBytes));
}

function parsed(bytes: Buffer): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    throw armFault("InvalidRequestContent", `The body is not JSON: ${(error as Error).message}`);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw armFault("InvalidRequestContent", "The body must be a JSON object.");
}
