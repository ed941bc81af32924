/** The device authorization endpoint (RFC 8628 section 3.1), v1 and v2. */
import { aadsts } from "../../app/sign-in/aadsts.ts";
import {
  DEVICE_CODE_LIFETIME_SECONDS,
  DEVICE_POLL_INTERVAL_SECONDS,
  deviceCodeIssue,
} from "../../app/sign-in/device-code.ts";
import { type Endpoint, requestedTenant, requireTenant } from "./request/endpoint.ts";
import { replyUncached } from "./request/envelope.ts";
import { readForm, requireParameter } from "./request/form.ts";
import { delegatedRequest, requireTenantlessClient, requireUserClient } from "./request/user-client.ts";

export const deviceCode: Endpoint = {
  methods: ["POST", "GET"],
  paths: ["oauth2/devicecode", "oauth2/v2.0/devicecode"],
  async handle(context) {
    const { exchange, directory, clock, pagesOrigin } = context;
    const form = exchange.method === "GET" ? queryAsForm(exchange.query) : await readForm(exchange);
    const tenant = await requestedTenant(context);
    const clientId = requireParameter(form, "client_id");
    const client =
      tenant === undefined
        ? await requireTenantlessClient(context, await requireTenant(context), clientId)
        : await requireUserClient(context, tenant, clientId);
    const request = delegatedRequest(context, form);
    if (request === undefined)
      throw aadsts(900144, { parameter: context.path.includes("/v2.0/") ? "scope" : "resource" });
    const codes = await deviceCodeIssue(directory, client.appId, tenant?.id, request, clock());
    const url = `${pagesOrigin() ?? exchange.origin}/devicelogin`;
    const inSeconds = (seconds: number) => (request.style === "v1" ? String(seconds) : seconds);
    replyUncached(exchange, 200, {
      user_code: codes.userCode,
      device_code: codes.deviceCode,
      ...(request.style === "v1" ? { verification_url: url } : { verification_uri: url }),
      expires_in: inSeconds(DEVICE_CODE_LIFETIME_SECONDS),
      interval: inSeconds(DEVICE_POLL_INTERVAL_SECONDS),
      message: `To sign in, use a web browser to open the page ${url} and enter the code ${codes.userCode} to authenticate.`,
    });
  },
};

/** ADAL for JavaScript asks by GET. */
function queryAsForm(query: { names(): string[]; get(name: string): string | undefined }) {
  return Object.fromEntries(query.names().map((name) => [name, query.get(name)]));
}
