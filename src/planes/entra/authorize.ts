/** The authorization endpoint (RFC 6749 section 3.1): signs the user in, asks for consent, and sends the browser back. */
import { authorizationCodeIssue } from "../../app/sign-in/authorization-code.ts";
import { grantedScope } from "../../app/sign-in/delegated-request.ts";
import { sessionApplicationAdd } from "../../app/sign-in/sign-in-session.ts";
import type { SignedInUser } from "../../app/sign-in/signed-in-user.ts";
import { Fault } from "../../core/fault.ts";
import { type AnswerParameters, answer, answerFault, formTarget } from "./authorize-answer.ts";
import {
  type AnswerAddress,
  type AuthorizeRequest,
  readAnswerAddress,
  readAuthorizeRequest,
} from "./authorize-request.ts";
import { consentStep, type Interaction, type Permitted, signInStep } from "./interaction.ts";
import { replyPage } from "./pages/page.ts";
import { Browser } from "./request/browser.ts";
import type { Endpoint, EntraContext } from "./request/endpoint.ts";
import { type Form, readForm } from "./request/form.ts";
import { repeatAsGet } from "./request/repeat-as-get.ts";
import { accessTokenRequest, idTokenRequest } from "./request/token-request.ts";
import { recordAuthorized } from "./sign-in-record.ts";
import { clientInfo } from "./user-token-reply.ts";

export const authorize: Endpoint = {
  methods: ["GET", "POST"],
  // What is behind it names the host of the metadata that led here.
  paths: ["oauth2/authorize", "oauth2/v2.0/authorize", "oauth2/authorize/*", "oauth2/v2.0/authorize/*"],
  isPage: true,
  async handle(context) {
    const form = context.exchange.method === "POST" ? await readForm(context.exchange) : undefined;
    // A request may come by POST too; our own forms carry their step, and the request in the URL.
    if (form !== undefined && form.step === undefined) return repeatAsGet(context, form);
    const browser = new Browser(context);
    if (form !== undefined) browser.checkForm(form);
    const address = await readAnswerAddress(context);
    try {
      await proceed(context, browser, address, form);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      answerFault(context, browser, address, error);
    }
  },
};

async function proceed(
  context: EntraContext,
  browser: Browser,
  address: AnswerAddress,
  form: Form | undefined,
): Promise<void> {
  const asked = readAuthorizeRequest(context, address);
  const interaction: Interaction = {
    context,
    browser,
    form,
    appId: address.client.appId,
    applicationName: address.client.displayName,
    tenant: address.tenant,
    prompts: asked.prompts,
    loginHint: asked.loginHint,
    isOneOfSeveral: asked.others.length > 0,
    formTarget: formTarget(address.redirectUri),
  };
  const signedIn = await signInStep(interaction);
  if ("page" in signedIn) return replyPage(context.exchange, signedIn.page, browser.setCookies);
  const permitted = await consentStep(interaction, signedIn.ready, asked.request);
  if ("page" in permitted) return replyPage(context.exchange, permitted.page, browser.setCookies);
  for (const other of asked.others) {
    const step = await consentStep(interaction, signedIn.ready, other);
    if ("page" in step) return replyPage(context.exchange, step.page, browser.setCookies);
  }
  const parameters = await grant(context, address, asked, signedIn.ready, permitted.ready);
  const { sessionId } = signedIn.ready;
  // Azure's own are told nothing when the session ends.
  if (sessionId !== undefined && address.client.homeTenantId !== undefined)
    await sessionApplicationAdd(context.directory, sessionId, address.client.appId);
  answer(context, browser, address, parameters);
}

async function grant(
  context: EntraContext,
  { platform, redirectUri }: AnswerAddress,
  { responseTypes, request, nonce, challenge }: AuthorizeRequest,
  { user, authAt, sessionId }: SignedInUser,
  { client, resource, scopes }: Permitted,
): Promise<AnswerParameters> {
  const { directory, clock, accessTokens, idTokens, exchange } = context;
  const { appId } = client;
  const code = responseTypes.has("code")
    ? await authorizationCodeIssue(
        directory,
        { user, authAt, sessionId, appId, platform },
        { redirectUri, request, nonce, challenge },
        clock(),
      )
    : undefined;
  if (code === undefined) recordAuthorized(context, user, appId, request.audience);
  const roles = await directory.appRoles(user.objectId, resource);
  const { tenantId, objectId } = user;
  const claims = exchange.query.get("claims");
  const holder = { kind: "users", tenantId, objectId, isInFragment: true, sessionId, claims } as const;
  const issued = responseTypes.has("token")
    ? await accessTokens.issueToUser({
        client,
        resource,
        audience: request.audience,
        user,
        authAt,
        scopes,
        roles,
        proof: "0",
        request: await accessTokenRequest(context, resource, holder),
      })
    : undefined;
  const idToken = responseTypes.has("id_token")
    ? await idTokens({
        client,
        user,
        authAt,
        style: request.style,
        openId: request.openId,
        request: await idTokenRequest(context, client, holder),
        nonce,
        code,
        accessToken: issued?.token,
      })
    : undefined;
  return {
    code,
    ...(issued && {
      access_token: issued.token,
      token_type: "Bearer",
      expires_in: String(issued.expiresAt - issued.notBefore - 1),
      scope: grantedScope(request, scopes),
    }),
    id_token: idToken,
    session_state: sessionId,
    ...(exchange.query.get("client_info") === "1" && { client_info: clientInfo(user) }),
  };
}
