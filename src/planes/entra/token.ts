/** The token endpoint (RFC 6749 section 3.2): which tenant, which grant; the rest is the grant's. */
import { aadsts } from "../../app/sign-in/aadsts.ts";
import type { Grant } from "./grants/grant.ts";
import * as grants from "./grants/index.ts";
import { allowPageToRead, replyPreflight } from "./request/cross-origin.ts";
import { type Endpoint, requireTenant } from "./request/endpoint.ts";
import { replyUncached } from "./request/envelope.ts";
import { type Form, readForm, requireParameter } from "./request/form.ts";
import { recordedToken } from "./sign-in-record.ts";

export const token: Endpoint = {
  methods: ["POST", "OPTIONS"],
  paths: ["oauth2/token", "oauth2/v2.0/token"],
  async handle(context) {
    if (context.exchange.method === "OPTIONS") return replyPreflight(context.exchange);
    const form = await readForm(context.exchange);
    const { origin } = context.exchange.headers;
    if (origin !== undefined) await allowPageToRead(context, origin, form.client_id);
    const tenant = await requireTenant(context);
    const grant = requireGrant(form);
    refuseBoundTokens(form);
    const issue = () => grant.issue({ ...context, form, tenant });
    replyUncached(context.exchange, 200, await recordedToken(context, form, tenant, issue));
  },
};

/** A bearer token in place of one that is bound to a key would be stolen as easily as any, and its client believes otherwise. */
function refuseBoundTokens({ token_type, req_cnf }: Form): void {
  if (token_type !== undefined && token_type.toLowerCase() !== "bearer")
    throw aadsts(90013, { parameter: "token_type", value: token_type });
  if (req_cnf !== undefined) throw aadsts(90013, { parameter: "req_cnf", value: "" });
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
