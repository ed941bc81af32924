/**
 * A request that another site's page has posted comes again as a GET: browsers keep the session's cookie from what other sites post, and hand it
 * over with what they lead to.
 */
import { aadsts } from "../../../app/sign-in/aadsts.ts";
import { replyRedirect } from "../pages/page.ts";
import type { EntraContext } from "./endpoint.ts";
import type { Form } from "./form.ts";

/** Half of what the listener takes with all headers: the browser is to come back with it. */
const ADDRESS_MAX_CHARACTERS = 16_384;

/** @throws Fault 90023 */
export function repeatAsGet({ exchange }: EntraContext, form: Form): void {
  const query = new URLSearchParams(exchange.rawQuery);
  for (const [name, value] of Object.entries(form)) if (value !== undefined) query.append(name, value);
  const location = `${exchange.path}?${query}`;
  if (location.length > ADDRESS_MAX_CHARACTERS) throw aadsts(90023, { reason: "it is too long." });
  replyRedirect(exchange, location);
}
