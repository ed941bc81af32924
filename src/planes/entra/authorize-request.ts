/**
 * The authorization request (RFC 6749 section 4.1.1, OpenID Connect Core section 3.1.2.1). First whom to answer: until client and
 * redirect URI are known to belong together, errors stay here, on a page. Then what is asked for, whose errors go there.
 */
import type { Client, Tenant } from "../../app/directory/directory.ts";
import { aadsts } from "../../app/sign-in/aadsts.ts";
import { type CodeDetails, challengeOf } from "../../app/sign-in/authorization-code.ts";
import {
  type DelegatedRequest,
  scopeResource,
  v1Request,
  v2Request,
} from "../../app/sign-in/delegated-request.ts";
import type { Platform } from "../../app/sign-in/sign-in.ts";
import { type EntraContext, requestedTenant, requireTenant } from "./request/endpoint.ts";
import { answerPlatform } from "./request/portal-client.ts";
import { delegatedRequest, requireTenantlessClient, requireUserClient } from "./request/user-client.ts";

export type ResponseMode = "query" | "fragment" | "form_post";

export interface AnswerAddress {
  readonly client: Client;
  /** Where the user must be from; undefined lets the user tell. */
  readonly tenant: Tenant | undefined;
  readonly redirectUri: string;
  readonly platform: Platform;
  readonly responseMode: ResponseMode;
  readonly state: string | undefined;
}

export interface AuthorizeRequest {
  readonly responseTypes: ReadonlySet<ResponseType>;
  readonly request: DelegatedRequest;
  /** Of other resources: to be consented to, and asked for with a refresh token. */
  readonly others: readonly DelegatedRequest[];
  readonly nonce: string | undefined;
  readonly challenge: CodeDetails["challenge"];
  readonly prompts: ReadonlySet<string>;
  readonly loginHint: string | undefined;
}

type ResponseType = "code" | "id_token" | "token";
const RESPONSE_TYPES: ReadonlySet<string> = new Set(["code", "id_token", "token"]);
const PROMPTS: ReadonlySet<string> = new Set([
  "none",
  "login",
  "consent",
  "select_account",
  "admin_consent",
  "create",
]);

/** @throws Fault 9000411, 900144, 700016, 7000112, 50194, 50011, 500113, 90002: to be shown, not sent anywhere */
export async function readAnswerAddress(context: EntraContext): Promise<AnswerAddress> {
  const { query } = context.exchange;
  const duplicated = query.duplicated();
  if (duplicated !== undefined) throw aadsts(9000411, { parameter: duplicated });
  const clientId = query.get("client_id");
  if (!clientId) throw aadsts(900144, { parameter: "client_id" });
  const tenant = await requestedTenant(context);
  const client =
    tenant === undefined
      ? await requireTenantlessClient(context, await requireTenant(context), clientId)
      : await requireUserClient(context, tenant, clientId);
  const redirectUri = query.get("redirect_uri") || onlyRedirectUri(client);
  const platform = answerPlatform(context, client, redirectUri);
  if (platform === undefined) throw aadsts(50011, { uri: redirectUri, client: client.appId });
  const types = words(query.get("response_type"));
  const byDefault = types.every((type) => type === "code") ? "query" : "fragment";
  const mode = query.get("response_mode");
  const responseMode = mode === "query" || mode === "fragment" || mode === "form_post" ? mode : byDefault;
  return { client, tenant, redirectUri, platform, responseMode, state: query.get("state") };
}

/** Without the parameter the registered one is meant, if there is one alone (RFC 6749 section 3.1.2.3). */
function onlyRedirectUri({ appId, registration }: Client): string {
  const { web, spa, publicClient } = registration;
  const [only, ...others] = [...web.redirectUris, ...spa.redirectUris, ...publicClient.redirectUris];
  if (only === undefined) throw aadsts(500113, { client: appId });
  if (others.length > 0) throw aadsts(900144, { parameter: "redirect_uri" });
  return only;
}

/** @throws Fault 900144, 70005, 700051, 700054, 90013, 70007, 90023, 9002325, 501491, 50147, and those of the scope */
export function readAuthorizeRequest(
  context: EntraContext,
  { client, platform, responseMode }: AnswerAddress,
): AuthorizeRequest {
  const { query } = context.exchange;
  const responseTypes = readResponseTypes(client, query.get("response_type"));
  const mode = query.get("response_mode");
  if (mode !== undefined && !["query", "fragment", "form_post"].includes(mode))
    throw aadsts(90013, { parameter: "response_mode", value: mode });
  // A URL's query ends up in logs: tokens do not belong there.
  if (responseMode === "query" && (responseTypes.has("id_token") || responseTypes.has("token")))
    throw aadsts(70007, { mode: "query" });
  const nonce = query.get("nonce") || undefined;
  if (responseTypes.has("id_token") && nonce === undefined) throw aadsts(900144, { parameter: "nonce" });
  const prompts = new Set(words(query.get("prompt")));
  for (const prompt of prompts)
    if (!PROMPTS.has(prompt)) throw aadsts(90023, { reason: `there is no prompt '${prompt}'.` });
  return {
    responseTypes,
    request: readRequest(context),
    others: readOthers(context),
    nonce,
    challenge: readChallenge(query.get("code_challenge"), query.get("code_challenge_method"), platform),
    prompts,
    loginHint: query.get("login_hint") || undefined,
  };
}

function readResponseTypes(client: Client, text: string | undefined): ReadonlySet<ResponseType> {
  if (!text) throw aadsts(900144, { parameter: "response_type" });
  const types = words(text);
  if (types.length === 0 || !types.every((type) => RESPONSE_TYPES.has(type)))
    throw aadsts(70005, { type: text });
  const { enableIdTokenIssuance, enableAccessTokenIssuance } = client.registration.web.implicitGrantSettings;
  if (types.includes("token") && !enableAccessTokenIssuance) throw aadsts(700051, { client: client.appId });
  if (types.includes("id_token") && !enableIdTokenIssuance) throw aadsts(700054, { client: client.appId });
  return new Set(types as ResponseType[]);
}

/** v1 may leave the resource to the token request; then the sign-in is about the user's profile. */
function readRequest(context: EntraContext): DelegatedRequest {
  const { query } = context.exchange;
  const [resource, scope] = [query.get("resource"), query.get("scope")];
  const request = delegatedRequest(context, { resource, scope: scope && byResource(scope)[0] });
  if (request !== undefined) return request;
  if (context.path.includes("/v2.0/")) throw aadsts(900144, { parameter: "scope" });
  return { ...v1Request("", scope), ...v2Request("openid profile offline_access"), style: "v1" };
}

function readOthers(context: EntraContext): DelegatedRequest[] {
  const { query } = context.exchange;
  const [resource, scope] = [query.get("resource"), query.get("scope")];
  if (resource || !scope) return [];
  const [, ...others] = byResource(scope);
  return others.map((other) => v2Request(other));
}

/**
 * A code may be asked for with permissions of several resources, and a token with those of one ("Permissions and consent"): the code is for the
 * first, and the user consents to the others at once.
 */
function byResource(scope: string): readonly [first: string, ...others: string[]] {
  const all = words(scope).map((word) => ({ word, resource: scopeResource(word) }));
  const resources = [...new Set(all.flatMap(({ resource }) => resource ?? []))];
  // All that is registered is no permission that can be added to another's.
  if (resources.length < 2 || all.some(({ word }) => word.endsWith("/.default"))) return [scope];
  const scopeOf = (wanted: string | undefined, openId: boolean) =>
    all
      .filter(({ resource }) => (resource === undefined ? openId : resource === wanted))
      .map(({ word }) => word)
      .join(" ");
  const [first, ...others] = resources;
  return [scopeOf(first, true), ...others.map((other) => scopeOf(other, false))];
}

function readChallenge(
  value: string | undefined,
  method: string | undefined,
  platform: Platform,
): CodeDetails["challenge"] {
  if (!value) {
    if (platform === "spa") throw aadsts(9002325);
    return undefined;
  }
  // RFC 7636 section 4.3: without a method the challenge is the verifier itself.
  const used = method || "plain";
  if (used !== "S256" && used !== "plain") throw aadsts(501491);
  if (platform === "spa" && used === "plain") throw aadsts(9002325);
  if (!/^[A-Za-z0-9\-._~]{43,128}$/.test(value)) throw aadsts(50147);
  return used === "S256" ? value : challengeOf(value);
}

const words = (text: string | undefined): string[] => (text ?? "").split(" ").filter((word) => word !== "");
