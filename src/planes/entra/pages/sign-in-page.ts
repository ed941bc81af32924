/** Where a user signs in, or chooses the account that is signed in already. */
import type { User } from "../../../app/directory/user.ts";
import { type Html, html } from "./html.ts";
import type { Page } from "./page.ts";

export interface SignInPage {
  /** Form fields that every step carries. */
  readonly fields: Html;
  /** What the user signs in to. */
  readonly application: string;
  readonly username?: string | undefined;
  readonly wrong?: string | undefined;
  readonly formTarget?: string | undefined;
}

export function signInPage({ fields, application, username = "", wrong, formTarget }: SignInPage): Page {
  const [focusName, focusPassword] =
    username === "" ? [html` autofocus`, html``] : [html``, html` autofocus`];
  const invalid = wrong === undefined ? html`` : html` aria-invalid="true" aria-describedby="wrong"`;
  return {
    title: "Sign in",
    formTarget,
    body: html`<h1>Sign in</h1>
<p class="quiet">to continue to ${application}</p>
${wrong !== undefined && html`<p class="wrong" id="wrong" role="alert">${wrong}</p>`}
<form method="post">
${fields}
<label for="username">User name</label>
<input type="text" id="username" name="username" value="${username}" autocomplete="username" autocapitalize="none"
  spellcheck="false" maxlength="256" required${focusName}${invalid}>
<label for="password">Password</label>
<input type="password" id="password" name="password" autocomplete="current-password" maxlength="256" required${focusPassword}${invalid}>
<div class="row"><button class="main" name="step" value="sign-in">Sign in</button></div>
</form>`,
  };
}

/** For a user whose password an administrator chose: it can be used for this alone. */
export function changePasswordPage({ fields, username = "", wrong, formTarget }: SignInPage): Page {
  return {
    title: "Update your password",
    formTarget,
    body: html`<p class="quiet">${username}</p>
<h1>Update your password</h1>
<p>You need to choose a new password: this is the first time that you sign in, or an administrator has asked for it.</p>
${wrong !== undefined && html`<p class="wrong" id="wrong" role="alert">${wrong}</p>`}
<form method="post">
${fields}
<input type="hidden" name="username" value="${username}">
${passwordField("password", "Current password", "current-password", html` autofocus`)}
${passwordField("new_password", "New password", "new-password")}
${passwordField("new_password_again", "Confirm password", "new-password")}
<div class="row"><button class="main" name="step" value="change-password">Sign in</button></div>
</form>`,
  };
}

function passwordField(name: string, label: string, autocomplete: string, more = html``): Html {
  return html`<label for="${name}">${label}</label>
<input type="password" id="${name}" name="${name}" autocomplete="${autocomplete}" maxlength="256" required${more}>`;
}

export function accountPage(
  { fields, application, formTarget }: SignInPage,
  { displayName, userPrincipalName }: User,
): Page {
  return {
    title: "Choose an account",
    formTarget,
    body: html`<h1>Choose an account</h1>
<p class="quiet">to continue to ${application}</p>
<form method="post">
${fields}
<button class="account" name="step" value="use-account" autofocus><b>${displayName}</b> <span class="quiet">${userPrincipalName}</span></button>
<button class="account" name="step" value="other-account" formnovalidate>Use another account</button>
</form>`,
  };
}
