/** Reads a posted form: every parameter at most once, as RFC 6749 section 3.2 demands. */

import { aadsts } from "../../../app/sign-in/aadsts.ts";
import type { Exchange } from "../../../http/exchange.ts";
import { readFormEncoded } from "../../../http/form-encoded.ts";

/** Values by name. An empty value counts as absent (RFC 6749 section 3.2). */
export type Form = Readonly<Record<string, string | undefined>>;

/** Room for a client assertion, claims and telemetry. */
const MAX_FORM_BYTES = 128 * 1024;

/**
 * A body of another media type holds no parameters, and is answered by the check for the first that is missing. One without any is read:
 * azure-identity for Java asks for device codes that way.
 */
export async function readForm(exchange: Exchange): Promise<Form> {
  const body = await exchange.readBody(MAX_FORM_BYTES);
  const mediaType = exchange.headers["content-type"];
  if (mediaType !== undefined && !/^application\/x-www-form-urlencoded\b/i.test(mediaType)) return {};
  return parseForm(body.toString("utf8"));
}

/** @throws Fault 9000411 */
export function parseForm(body: string): Form {
  const form: Record<string, string> = Object.create(null);
  readFormEncoded(body, (parameter, value) => {
    if (parameter in form) throw aadsts(9000411, { parameter });
    form[parameter] = value;
  });
  return form;
}

/** @throws Fault 900144 */
export function requireParameter(form: Form, parameter: string): string {
  const value = form[parameter];
  if (!value) throw aadsts(900144, { parameter });
  return value;
}
