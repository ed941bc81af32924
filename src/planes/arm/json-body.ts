/** The body of a management request. */
import type { Exchange } from "../../http/exchange.ts";
import { armFault } from "./arm-fault.ts";

/** Resource Manager's own limit ("Understand the limits of Azure Resource Manager requests" has 4 MB for templates). */
const BODY_MAX_BYTES = 4 * 1024 * 1024;

/** @throws Fault RequestBodyTooLarge; InvalidRequestContent for what is no JSON object */
export async function readJsonBody(
  exchange: Exchange,
  maxBytes = BODY_MAX_BYTES,
): Promise<Readonly<Record<string, unknown>>> {
  const bytes = await exchange.readBody(maxBytes);
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
