/** The page on which a user signs a device in (RFC 8628 section 3.3): code, sign-in, confirmation, consent. */
import {
  deviceCodeDecide,
  deviceCodeFindPending,
  type PendingDevice,
} from "../../app/sign-in/device-code.ts";
import { Fault } from "../../core/fault.ts";
import { consentStep, type Interaction, signInStep } from "./interaction.ts";
import { deviceCodePage, deviceConfirmPage, messagePage } from "./pages/device-page.ts";
import { type Page, replyPage } from "./pages/page.ts";
import { Browser } from "./request/browser.ts";
import type { Endpoint, EntraContext } from "./request/endpoint.ts";
import { requireTenant } from "./request/endpoint.ts";
import { type Form, readForm } from "./request/form.ts";
import { requireTenantlessClient, requireUserClient } from "./request/user-client.ts";

export const deviceLogin: Endpoint = {
  methods: ["GET", "POST"],
  paths: ["oauth2/deviceauth"],
  isPage: true,
  async handle(context) {
    const { exchange } = context;
    const browser = new Browser(context);
    const form = exchange.method === "POST" ? await readForm(exchange) : undefined;
    if (form !== undefined) browser.checkForm(form);
    const page =
      form === undefined
        ? deviceCodePage(browser.formFields(), exchange.query.get("user_code") ?? "")
        : await proceed(context, browser, form);
    replyPage(exchange, page, browser.setCookies);
  },
};

async function proceed(context: EntraContext, browser: Browser, form: Form): Promise<Page> {
  const { directory, clock } = context;
  const userCode = form.user_code ?? "";
  const device = await deviceCodeFindPending(directory, userCode, clock());
  if (device === undefined) {
    const wrong = "That code is not valid, or has expired. Check it, or start again on the device.";
    return deviceCodePage(browser.formFields(), userCode, wrong);
  }
  if (form.step === "decline") {
    await deviceCodeDecide(directory, device.key, undefined);
    return messagePage("Cancelled", "The device was not signed in. You may close this window.");
  }
  return signIn(context, browser, form, userCode, device);
}

async function signIn(
  context: EntraContext,
  browser: Browser,
  form: Form,
  userCode: string,
  device: PendingDevice,
): Promise<Page> {
  const { directory } = context;
  const tenant = device.tenantId === undefined ? undefined : await directory.tenant(device.tenantId);
  const client =
    tenant === undefined
      ? await requireTenantlessClient(context, await requireTenant(context), device.appId)
      : await requireUserClient(context, tenant, device.appId);
  const carried = { user_code: userCode };
  const interaction: Interaction = {
    context,
    browser,
    // Coming with a code is like coming by a link.
    form: form.step === "code" ? undefined : form,
    appId: device.appId,
    applicationName: client.displayName,
    tenant,
    prompts: new Set(form.step === "code" ? ["select_account"] : []),
    carried,
  };
  const signedIn = await signInStep(interaction);
  if ("page" in signedIn) return signedIn.page;
  const { user } = signedIn.ready;
  // A code may come from a stranger's letter: the user says that it is their own.
  const hasConfirmed = form.step === "confirm" || form.step === "accept";
  if (!hasConfirmed || form.confirmed !== user.objectId) {
    const fields = browser.formFields({ ...carried, confirmed: user.objectId });
    return deviceConfirmPage(fields, client.displayName, user);
  }
  const confirmed = { ...interaction, carried: { ...carried, confirmed: user.objectId } };
  try {
    const permitted = await consentStep(confirmed, signedIn.ready, device.request);
    if ("page" in permitted) return permitted.page;
  } catch (error) {
    // The device would poll in vain.
    if (error instanceof Fault) await deviceCodeDecide(directory, device.key, undefined);
    throw error;
  }
  await deviceCodeDecide(directory, device.key, signedIn.ready);
  return messagePage(client.displayName, "You have signed in on your device. You may close this window.");
}
