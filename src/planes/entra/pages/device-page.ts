/** Where a user signs a device in that has no browser of its own. */
import type { User } from "../../../app/directory/user.ts";
import { type Html, html } from "./html.ts";
import type { Page } from "./page.ts";

export function deviceCodePage(fields: Html, userCode: string, wrong?: string): Page {
  return {
    title: "Enter code",
    body: html`<h1>Enter code</h1>
<p>Enter the code that your application or device shows.</p>
${wrong !== undefined && html`<p class="wrong" id="wrong" role="alert">${wrong}</p>`}
<form method="post">
${fields}
<label for="user_code">Code</label>
<input class="code" type="text" id="user_code" name="user_code" value="${userCode}" autocomplete="off" autocapitalize="characters"
  spellcheck="false" maxlength="20" required autofocus>
<div class="row"><button class="main" name="step" value="code">Next</button></div>
</form>
<p class="quiet">Never enter a code that somebody else sent you.</p>`,
  };
}

export function deviceConfirmPage(fields: Html, application: string, user: User): Page {
  return {
    title: "Confirm",
    body: html`<p class="quiet">${user.userPrincipalName}</p>
<h1>Are you trying to sign in to ${application}?</h1>
<p>Continue only if you started this yourself, on a device that you trust.</p>
<form method="post">
${fields}
<div class="row">
<button name="step" value="decline">Cancel</button>
<button class="main" name="step" value="confirm">Continue</button>
</div>
</form>`,
  };
}

export function messagePage(title: string, text: string, status = 200): Page {
  return { title, status, body: html`<h1>${title}</h1><p role="status">${text}</p>` };
}
