/**
 * Admin consent: an administrator gives an application, for everyone, all that its registration lists; application permissions
 * too. Source: "Request permissions through the admin consent endpoint".
 */
import { appRoleAssign } from "../../app/directory/app-role.ts";
import type { Client } from "../../app/directory/directory.ts";
import { directoryRolesOf } from "../../app/directory/directory-role.ts";
import { aadsts } from "../../app/sign-in/aadsts.ts";
import { consent, registeredItems, registeredRoles } from "../../app/sign-in/api-permission.ts";
import { redirectUriPlatform } from "../../app/sign-in/redirect-uri.ts";
import type { SignedInUser } from "../../app/sign-in/signed-in-user.ts";
import { mayGiveAppRole, refusedBy, userAtPage } from "../../core/access/graph-access.ts";
import { Fault } from "../../core/fault.ts";
import { WRITE_CONSENT } from "../../wire/graph/access.ts";
import { answer, answerFault, formTarget } from "./authorize-answer.ts";
import { homeOf, type Interaction, signInStep } from "./interaction.ts";
import { consentPage, shownPermissions } from "./pages/consent-page.ts";
import { messagePage } from "./pages/device-page.ts";
import { replyPage } from "./pages/page.ts";
import { Browser } from "./request/browser.ts";
import { type Endpoint, type EntraContext, requestedTenant, requireTenant } from "./request/endpoint.ts";
import { type Form, readForm } from "./request/form.ts";
import { requireTenantlessClient, requireUserClient } from "./request/user-client.ts";
import { recordConsent } from "./sign-in-record.ts";

export const adminConsent: Endpoint = {
  methods: ["GET", "POST"],
  paths: ["adminconsent", "v2.0/adminconsent"],
  isPage: true,
  async handle(context) {
    const { exchange } = context;
    const { query } = exchange;
    const form = exchange.method === "POST" ? await readForm(exchange) : undefined;
    const browser = new Browser(context);
    if (form !== undefined) browser.checkForm(form);
    const duplicated = query.duplicated();
    if (duplicated !== undefined) throw aadsts(9000411, { parameter: duplicated });
    const client = await readClient(context);
    const redirectUri = query.get("redirect_uri") || undefined;
    if (redirectUri !== undefined && redirectUriPlatform(client.registration, redirectUri) === undefined)
      throw aadsts(50011, { uri: redirectUri, client: client.appId });
    const address = {
      redirectUri: redirectUri ?? "",
      responseMode: "query",
      state: query.get("state"),
    } as const;
    try {
      await proceed(context, browser, client, address, form);
    } catch (error) {
      if (!(error instanceof Fault) || redirectUri === undefined) throw error;
      answerFault(context, browser, address, error);
    }
  },
};

async function readClient(context: EntraContext): Promise<Client> {
  const clientId = context.exchange.query.get("client_id");
  if (!clientId) throw aadsts(900144, { parameter: "client_id" });
  const tenant = await requestedTenant(context);
  return tenant === undefined
    ? requireTenantlessClient(context, await requireTenant(context), clientId)
    : requireUserClient(context, tenant, clientId);
}

interface Address {
  readonly redirectUri: string;
  readonly responseMode: "query";
  readonly state: string | undefined;
}

async function proceed(
  context: EntraContext,
  browser: Browser,
  known: Client,
  address: Address,
  form: Form | undefined,
): Promise<void> {
  const target = address.redirectUri === "" ? undefined : formTarget(address.redirectUri);
  const interaction: Interaction = {
    context,
    browser,
    form,
    appId: known.appId,
    applicationName: known.displayName,
    tenant: await requestedTenant(context),
    prompts: new Set(),
    formTarget: target,
  };
  const step = await signInStep(interaction);
  if ("page" in step) return replyPage(context.exchange, step.page, browser.setCookies);
  const signedIn = step.ready;
  const { user } = signedIn;
  const tenant = await homeOf(context, signedIn);
  const client = await requireUserClient(context, tenant, known.appId);
  const caller = userAtPage(await directoryRolesOf(context.directory, tenant.id, user.objectId));
  const items = await registeredItems(context.directory, client);
  const roles = await registeredRoles(context.directory, client);
  const isRefused =
    refusedBy(WRITE_CONSENT, caller) !== undefined ||
    (await rolesToGive(context, client, roles)).some(
      ({ resource }) => !mayGiveAppRole(caller, resource.appId),
    );
  if (isRefused) throw aadsts(90094, { client: client.displayName });
  const shown = shownPermissions(items, roles);
  if (form?.step !== "accept" || form.user !== user.objectId || form.shown !== shown) {
    const fields = browser.formFields({ user: user.objectId, shown });
    const page = consentPage({ fields, client, user, items, roles, forAll: "always", formTarget: target });
    return replyPage(context.exchange, page, browser.setCookies);
  }
  await consentForAll(context, client, signedIn, items, roles);
  if (address.redirectUri === "") {
    const done = messagePage(
      "Consent given",
      `Everyone in your organization can use ${client.displayName} now.`,
    );
    return replyPage(context.exchange, done, browser.setCookies);
  }
  answer(context, browser, address, { admin_consent: "True", tenant: tenant.id });
}

/** Those that the client does not hold yet. */
async function rolesToGive({ directory }: EntraContext, { objectId }: Client, roles: RegisteredRoles) {
  const missing: RegisteredRoles[number][] = [];
  for (const each of roles) {
    const held = await directory.appRoles(objectId, each.resource);
    if (each.role.value === null || !held.includes(each.role.value)) missing.push(each);
  }
  return missing;
}

type RegisteredRoles = Awaited<ReturnType<typeof registeredRoles>>;

async function consentForAll(
  context: EntraContext,
  client: Client,
  { user }: SignedInUser,
  items: Awaited<ReturnType<typeof registeredItems>>,
  roles: RegisteredRoles,
): Promise<void> {
  const { directory, clock } = context;
  await consent(directory, client, items, null, clock());
  // A visiting application has its service principal only now.
  const principal = await directory.client(user.tenantId, client.appId);
  if (principal === undefined) throw aadsts(700016, { client: client.appId, tenant: user.tenantId });
  recordConsent(context, user, principal);
  for (const { resource, role } of await rolesToGive(context, principal, roles)) {
    const given = { principalId: principal.objectId, resourceId: resource.objectId, appRoleId: role.id };
    await appRoleAssign(directory, user.tenantId, given, clock());
  }
}
