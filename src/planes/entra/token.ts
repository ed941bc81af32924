/** The token endpoint (RFC 6749 section 3.2): which tenant, which grant; the rest is the grant's. */
import type { Tenant } from "../../app/directory/directory.ts";
import { aadsts } from "../../app/sign-in/aadsts.ts";
import type { Exchange } from "../../http/exchange.ts";
import { type Endpoint, type EntraContext, requireTenant } from "./endpoint.ts";
import { crossOriginHeaders, replyUncached } from "./envelope.ts";
import { type Form, readForm, requireParameter } from "./form.ts";
import * as grants from "./grants/index.ts";

export interface GrantContext extends EntraContext {
  readonly form: Form;
  readonly tenant: Tenant;
}

/** One file in `grants/`, registered by being exported there. */
export interface Grant {
  readonly grantTypes: readonly string[];
  /** @returns the reply's body */
  issue(context: GrantContext): Promise<object>;
}

export const token: Endpoint = {
  methods: ["POST", "OPTIONS"],
  paths: ["oauth2/token", "oauth2/v2.0/token"],
  async handle(context) {
    if (context.exchange.method === "OPTIONS") return replyPreflight(context.exchange);
    const form = await readForm(context.exchange);
    const tenant = await requireTenant(context);
    const grant = requireGrant(form);
    replyUncached(context.exchange, 200, await grant.issue({ ...context, form, tenant }));
  },
};

/** A script asks whether it may send headers of its own. */
function replyPreflight(exchange: Exchange): void {
  const headers = crossOriginHeaders(exchange);
  headers.push("access-control-allow-methods", "POST, OPTIONS", "access-control-max-age", "600");
  const asked = exchange.headers["access-control-request-headers"];
  if (asked !== undefined && /^[\w-]+(\s*,\s*[\w-]+)*$/.test(asked))
    headers.push("access-control-allow-headers", asked);
  exchange.reply(204, headers);
}

const grantByType: ReadonlyMap<string, Grant> = new Map(
  Object.values(grants).flatMap((grant) => grant.grantTypes.map((type) => [type, grant] as const)),
);

function requireGrant(form: Form): Grant {
  const name = requireParameter(form, "grant_type");
  const grant = grantByType.get(name);
  if (grant === undefined) throw aadsts(70003, { grant: name });
  return grant;
}
