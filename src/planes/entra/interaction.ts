/**
 * What happens between a browser and its user before an application gets anything: signing in, and consent. Every step is a form
 * that posts to the page's own URL, so that nothing is kept between them but the session.
 *
 *   sign in ──▶ (choose account) ──▶ (consent) ──▶ ready
 *      any step ──▶ refused
 */

import type { Client, Tenant } from "../../app/directory/directory.ts";
import { badDirectoryRequest } from "../../app/directory/directory-fault.ts";
import { mayConsentForAll } from "../../app/directory/directory-role.ts";
import { aadsts } from "../../app/sign-in/aadsts.ts";
import {
  apiPermission,
  type ConsentItem,
  consent,
  registeredItems,
} from "../../app/sign-in/api-permission.ts";
import type { DelegatedRequest } from "../../app/sign-in/delegated-request.ts";
import type { SignedInUser } from "../../app/sign-in/signed-in-user.ts";
import { Fault } from "../../core/fault.ts";
import { consentPage, shownPermissions } from "./pages/consent-page.ts";
import type { Page } from "./pages/page.ts";
import { accountPage, changePasswordPage, signInPage } from "./pages/sign-in-page.ts";
import type { Browser } from "./request/browser.ts";
import { type EntraContext, requireTenant } from "./request/endpoint.ts";
import { entraErrorCode } from "./request/envelope.ts";
import type { Form } from "./request/form.ts";
import { requireServedResource } from "./request/requested-resource.ts";
import {
  checkAssigned,
  consentMissing,
  NOT_LISTED,
  notRegistered,
  requireUserClient,
} from "./request/user-client.ts";
import { recordConsent, recordRefusal } from "./sign-in-record.ts";

export interface Interaction {
  readonly context: EntraContext;
  readonly browser: Browser;
  /** What the browser posted; undefined when it came by a link. */
  readonly form: Form | undefined;
  readonly appId: string;
  readonly applicationName: string;
  /** Where the user must be from; undefined lets the user tell. */
  readonly tenant: Tenant | undefined;
  /** OpenID Connect Core section 3.1.2.1: `none`, `login`, `consent`, `select_account`; and `admin_consent`. */
  readonly prompts: ReadonlySet<string>;
  readonly loginHint?: string | undefined;
  /** The request is about several resources: an answer may be about another than the one that is looked at. */
  readonly isOneOfSeveral?: boolean;
  /** Fields that the forms carry from step to step. */
  readonly carried?: Readonly<Record<string, string>>;
  /** Where the redirect at the end leads, for the pages' policy. */
  readonly formTarget?: string | undefined;
}

export type Step<T> = { readonly page: Page } | { readonly ready: T };

/** @throws Fault 50058 under prompt=none, 65004 when the user cancels */
export async function signInStep(interaction: Interaction): Promise<Step<SignedInUser>> {
  const { form, prompts, loginHint } = interaction;
  const parts = pageParts(interaction);
  if (form?.step === "decline") throw aadsts(65004);
  if (form?.step === "sign-in" || form?.step === "change-password") return passwordStep(interaction, form);
  const session = await usableSession(interaction);
  if (form === undefined && prompts.has("none")) {
    if (session === undefined || prompts.size > 1) throw aadsts(50058);
    return { ready: session };
  }
  const asksAnew = form === undefined && prompts.has("login");
  if (session === undefined || asksAnew || form?.step === "other-account") {
    const hint = form?.step === "other-account" ? undefined : loginHint;
    return { page: signInPage({ ...parts, username: hint }) };
  }
  if (form === undefined && prompts.has("select_account")) return { page: accountPage(parts, session.user) };
  return { ready: session };
}

/** The session, if it is of a user that this request can mean. */
async function usableSession({
  browser,
  tenant,
  loginHint,
  form,
}: Interaction): Promise<SignedInUser | undefined> {
  const session = await browser.session();
  if (session === undefined) return undefined;
  const isOfTenant = tenant === undefined || session.user.tenantId === tenant.id;
  const isMeant =
    form !== undefined || !loginHint || loginHint.toLowerCase() === session.user.userPrincipalName;
  return isOfTenant && isMeant ? session : undefined;
}

async function passwordStep(interaction: Interaction, form: Form): Promise<Step<SignedInUser>> {
  const { context, browser, tenant, applicationName } = interaction;
  const username = form.username ?? "";
  try {
    const attempt = {
      name: username,
      password: form.password ?? "",
      tenant,
      application: applicationName,
      source: context.exchange.source,
    };
    const signedIn =
      form.step === "change-password"
        ? await context.passwords.change(attempt, newPassword(form))
        : await context.passwords.signIn(attempt);
    return { ready: await browser.begin(signedIn, await homeOf(context, signedIn)) };
  } catch (error) {
    // The user can try again; everything else is not about what was typed.
    if (!(error instanceof Fault)) throw error;
    const asked = tenant ?? (await requireTenant(context));
    const refused = {
      form,
      tenant: asked,
      kind: "interactiveUser",
      client: "Browser",
      appId: interaction.appId,
    } as const;
    // A new password that is none says nothing about who is there.
    if (entraErrorCode(error) !== undefined) await recordRefusal(context, refused, error);
    return { page: passwordPageAgain(interaction, form, error) };
  }
}

function passwordPageAgain(interaction: Interaction, form: Form, error: Fault): Page {
  const parts = { ...pageParts(interaction), username: form.username ?? "" };
  if (error.code === "AADSTS50055") return changePasswordPage(parts);
  const wrong = `${error.message} (${error.code})`;
  const page = form.step === "change-password" ? changePasswordPage : signInPage;
  return { ...page({ ...parts, wrong }), status: error.status === 429 ? 429 : 200 };
}

/** @throws Fault Request_BadRequest where it was typed in two ways */
function newPassword(form: Form): string {
  if (form.new_password === form.new_password_again) return form.new_password ?? "";
  throw badDirectoryRequest("The two new passwords are not the same.");
}

export async function homeOf({ directory }: EntraContext, { user }: SignedInUser): Promise<Tenant> {
  const tenant = await directory.tenant(user.tenantId);
  if (tenant === undefined) throw aadsts(90002, { tenant: user.tenantId });
  return tenant;
}

export interface Permitted {
  readonly client: Client;
  readonly resource: Client;
  readonly scopes: readonly string[];
}

/** @throws Fault 700016, 7000112, 500011, 50105, 650053, 650057, 65001, 90094 */
export async function consentStep(
  interaction: Interaction,
  signedIn: SignedInUser,
  request: DelegatedRequest,
): Promise<Step<Permitted>> {
  const { context, form, prompts, appId } = interaction;
  const { directory } = context;
  const { user } = signedIn;
  const tenant = await homeOf(context, signedIn);
  let client = await requireUserClient(context, tenant, appId);
  const resource = await requireServedResource(context, request.audience, tenant);
  await checkAssigned(context, client, user);
  const isForced =
    (prompts.has("consent") || prompts.has("admin_consent")) && client.homeTenantId !== undefined;
  let permission = await apiPermission(directory, client, resource, request, user.objectId);
  if (permission.kind === "notRegistered") throw notRegistered(client, resource, request);
  if (permission.kind === "nothingRegistered") throw consentMissing(client, resource, NOT_LISTED);
  const items =
    permission.kind === "consentRequired" ? permission.items : await registeredItems(directory, client);
  const hasAnswered =
    form?.step === "accept" && form.user === user.objectId && form.shown === shownPermissions(items);
  const answersOther = interaction.isOneOfSeveral === true && form?.step === "accept" && !hasAnswered;
  const mustAsk = permission.kind === "consentRequired" || (isForced && !answersOther);
  if (mustAsk && !hasAnswered) {
    if (prompts.has("none")) throw consentMissing(client, resource);
    return askConsent(interaction, signedIn, client, items);
  }
  if (mustAsk) {
    const isAdministrator = await mayConsentForAll(directory, tenant.id, user.objectId);
    checkMayConsent(client, items, isAdministrator);
    const forAll = isAdministrator && form?.for_all === "1";
    await consent(directory, client, items, forAll ? null : user.objectId, context.clock());
    client = await requireUserClient(context, tenant, appId);
    recordConsent(context, user, client);
    permission = await apiPermission(directory, client, resource, request, user.objectId);
  }
  if (permission.kind !== "granted") throw consentMissing(client, resource);
  return { ready: { client, resource, scopes: permission.scopes } };
}

async function askConsent(
  interaction: Interaction,
  { user }: SignedInUser,
  client: Client,
  items: readonly ConsentItem[],
): Promise<{ page: Page }> {
  const { context, browser, carried, formTarget } = interaction;
  const isAdministrator = await mayConsentForAll(context.directory, client.tenantId, user.objectId);
  checkMayConsent(client, items, isAdministrator);
  // The answer counts for the user who saw the question, and for what it was about.
  const fields = browser.formFields({ ...carried, user: user.objectId, shown: shownPermissions(items) });
  const forAll = isAdministrator ? "choice" : "no";
  return { page: consentPage({ fields, client, user, items, forAll, formTarget }) };
}

function checkMayConsent(client: Client, items: readonly ConsentItem[], isAdministrator: boolean): void {
  if (!isAdministrator && items.some(({ scope }) => scope.type === "Admin"))
    throw aadsts(90094, { client: client.displayName });
}

function pageParts({ browser, carried, applicationName, formTarget }: Interaction) {
  return { fields: browser.formFields(carried), application: applicationName, formTarget };
}
