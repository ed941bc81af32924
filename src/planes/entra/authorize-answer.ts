/** Sends the browser back to the application, with what it asked for or with an error (OAuth 2.0 Multiple Response Types). */
import type { Fault } from "../../core/fault.ts";
import type { AnswerAddress } from "./authorize-request.ts";
import { html } from "./pages/html.ts";
import { replyPage, replyRedirect } from "./pages/page.ts";
import type { Browser } from "./request/browser.ts";
import type { EntraContext } from "./request/endpoint.ts";
import { authorizeError, entraErrorCode, faultDescription } from "./request/envelope.ts";
import { FORM_POST_SCRIPT_PATH } from "./request/page-scripts.ts";

const USER_DECLINED = 65004;

export type AnswerParameters = Readonly<Record<string, string | undefined>>;

export function answer(
  { exchange, tenantName }: EntraContext,
  browser: Browser,
  address: Pick<AnswerAddress, "redirectUri" | "responseMode" | "state">,
  parameters: AnswerParameters,
): void {
  const { redirectUri, responseMode, state } = address;
  const all = Object.entries({ ...parameters, state }).filter(([, value]) => value !== undefined);
  const pairs = all as [string, string][];
  if (responseMode === "form_post") {
    replyPage(
      exchange,
      {
        title: "Signing you in",
        formTarget: formTarget(redirectUri),
        withScript: true,
        body: html`<h1>Signing you in</h1>
<form id="answer" method="post" action="${redirectUri}">
${pairs.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<div class="row"><button class="main" autofocus>Continue</button></div>
</form>
<script src="/${encodeURIComponent(tenantName)}/${FORM_POST_SCRIPT_PATH}"></script>`,
      },
      browser.setCookies,
    );
    return;
  }
  const text = new URLSearchParams(pairs).toString();
  const mark = responseMode === "fragment" ? "#" : redirectUri.includes("?") ? "&" : "?";
  replyRedirect(exchange, `${redirectUri}${mark}${text}`, browser.setCookies);
}

export function answerFault(
  context: EntraContext,
  browser: Browser,
  address: Pick<AnswerAddress, "redirectUri" | "responseMode" | "state">,
  fault: Fault,
): void {
  const { text } = faultDescription(context.exchange, fault, context.clock());
  const code = entraErrorCode(fault);
  answer(context, browser, address, {
    error: authorizeError(fault),
    ...(code === USER_DECLINED && { error_subcode: "cancel" }),
    error_description: text,
    ...(code !== undefined && { error_uri: `https://login.microsoftonline.com/error?code=${code}` }),
  });
}

/** The redirect URI's origin, or its scheme where it has none, as a source of a content security policy. */
export function formTarget(redirectUri: string): string {
  const { protocol, origin } = new URL(redirectUri);
  return origin === "null" ? protocol : origin;
}
