/** Signing out (OpenID Connect RP-Initiated Logout 1.0): ends the browser's session, and leads back only where it may. */
import { decodeJwt } from "jose";
import { applicationPage } from "../../app/directory/application.ts";
import type { Client } from "../../app/directory/directory.ts";
import { sessionApplicationList } from "../../app/sign-in/sign-in-session.ts";
import type { SignedInUser } from "../../app/sign-in/signed-in-user.ts";
import { replyPage, replyRedirect } from "./pages/page.ts";
import { signedOutPage } from "./pages/signed-out-page.ts";
import { Browser } from "./request/browser.ts";
import { type Endpoint, type EntraContext, requireTenant } from "./request/endpoint.ts";
import { readForm } from "./request/form.ts";
import { answerPlatform } from "./request/portal-client.ts";
import { repeatAsGet } from "./request/repeat-as-get.ts";
import { issuerAt } from "./request/token-request.ts";

export const logout: Endpoint = {
  methods: ["GET", "POST"],
  // What is behind it names the host of the metadata that led here.
  paths: ["oauth2/logout", "oauth2/v2.0/logout", "oauth2/logout/*", "oauth2/v2.0/logout/*"],
  isPage: true,
  async handle(context) {
    const { exchange } = context;
    const tenant = await requireTenant(context);
    if (exchange.method === "POST") return repeatAsGet(context, await readForm(exchange));
    const browser = new Browser(context);
    const session = await browser.session();
    const frames = session === undefined ? [] : await frontChannel(context, session);
    const signedInAt = session?.user.tenantId;
    await browser.end((session && (await context.directory.tenant(session.user.tenantId))) || tenant);
    const target = await postLogoutTarget(context, signedInAt);
    if (target !== undefined && frames.length === 0)
      return replyRedirect(exchange, target, browser.setCookies);
    const page = signedOutPage({ tenantName: context.tenantName, frames, target });
    replyPage(exchange, page, browser.setCookies);
  },
};

/** Ours: a page with more would take long to load. */
const FRAMES_MAX = 20;

/** Where each application that was signed in to wants to hear of it. */
async function frontChannel(context: EntraContext, { user, sessionId }: SignedInUser): Promise<string[]> {
  if (sessionId === undefined) return [];
  const { directory } = context;
  const issuer = issuerAt(context, user.tenantId);
  const frames: string[] = [];
  for (const appId of await sessionApplicationList(directory, sessionId)) {
    const client = await directory.client(user.tenantId, appId);
    const url = URL.parse(client?.registration.web.logoutUrl ?? "");
    if (url === null || frames.length >= FRAMES_MAX) continue;
    url.searchParams.set("sid", sessionId);
    url.searchParams.set("iss", issuer);
    frames.push(url.href);
  }
  return frames;
}

/**
 * A redirect URI of the client that the id token was for; the hint need not be valid any more (section 4). Where the client is not named, one
 * of the applications of the directory in which the user was signed in.
 */
async function postLogoutTarget(
  context: EntraContext,
  signedInAt: string | undefined,
): Promise<string | undefined> {
  const { query } = context.exchange;
  const uri = query.get("post_logout_redirect_uri");
  const appId = query.get("client_id") ?? audienceOf(query.get("id_token_hint"));
  if (!uri) return undefined;
  const isAnswered = (each: AnsweredClient) => answerPlatform(context, each, uri) !== undefined;
  const isOurs =
    appId === undefined
      ? await someApplicationAt(context, signedInAt, isAnswered)
      : (await applicationNamed(context, appId)).some(isAnswered);
  if (!isOurs) return undefined;
  const state = query.get("state");
  if (state === undefined) return uri;
  return `${uri}${uri.includes("?") ? "&" : "?"}${new URLSearchParams({ state })}`;
}

type AnsweredClient = Pick<Client, "appId" | "registration">;

async function applicationNamed(context: EntraContext, appId: string): Promise<AnsweredClient[]> {
  const tenant = await requireTenant(context);
  const home = await context.directory.homeTenantId(appId);
  const client = await context.directory.client(home ?? tenant.id, appId);
  return client === undefined ? [] : [client];
}

const STEP = 500;

async function someApplicationAt(
  { directory }: EntraContext,
  tenantId: string | undefined,
  isAnswered: (client: AnsweredClient) => boolean,
): Promise<boolean> {
  if (tenantId === undefined) return false;
  for (let after = ""; ; ) {
    const applications = await applicationPage(directory, tenantId, after, STEP);
    if (applications.some(isAnswered)) return true;
    const last = applications.at(-1);
    if (last === undefined || applications.length < STEP) return false;
    after = last.objectId;
  }
}

function audienceOf(idToken: string | undefined): string | undefined {
  if (!idToken) return undefined;
  try {
    const { aud } = decodeJwt(idToken);
    return typeof aud === "string" ? aud : undefined;
  } catch {
    return undefined;
  }
}
