/** Consent: which application asks, who is behind it, and what each permission lets it do. */
import { hash } from "node:crypto";
import type { Client } from "../../../app/directory/directory.ts";
import type { User } from "../../../app/directory/user.ts";
import type { ConsentItem } from "../../../app/sign-in/api-permission.ts";
import type { AppRole } from "../../../wire/entra/registration.ts";
import { type Html, html } from "./html.ts";
import type { Page } from "./page.ts";

/** The permissions on the page, shortly: its answer counts for these alone, whatever the registration lists by then. */
export function shownPermissions(items: readonly ConsentItem[], roles: ConsentPage["roles"] = []): string {
  const ids = [
    ...items.map(({ resource, scope }) => `${resource.appId} scope ${scope.id}`),
    ...roles.map(({ resource, role }) => `${resource.appId} role ${role.id}`),
  ];
  return hash("sha256", ids.sort().join("\n"), "base64url");
}

export interface ConsentPage {
  readonly fields: Html;
  readonly client: Client;
  readonly user: User;
  readonly items: readonly ConsentItem[];
  readonly roles?: readonly { readonly resource: Client; readonly role: AppRole }[];
  /** The user may consent for everyone: offered as a choice, or the only thing there is. */
  readonly forAll: "no" | "choice" | "always";
  readonly formTarget?: string | undefined;
}

export function consentPage({
  fields,
  client,
  user,
  items,
  roles = [],
  forAll,
  formTarget,
}: ConsentPage): Page {
  const heading =
    forAll === "always" ? "Permissions requested for your organization" : "Permissions requested";
  return {
    title: heading,
    formTarget,
    body: html`<p class="quiet">${user.userPrincipalName}</p>
<h1>${heading}</h1>
<p><b>${client.displayName}</b></p>
<p class="quiet">${publisher(client)}</p>
<p>This application would like to:</p>
<ul class="permissions">
${items.map(({ resource, scope }) => permission(resource, scope.userConsentDisplayName ?? scope.adminConsentDisplayName, scope.userConsentDescription ?? scope.adminConsentDescription))}
${roles.map(({ resource, role }) => permission(resource, role.displayName, role.description))}
</ul>
<p class="quiet">Accepting lets the application do this as ${forAll === "always" ? "each of its users" : "you"}; it gives nobody rights
that their roles do not. An administrator can take the consent back.</p>
<form method="post">
${fields}
${forAll === "choice" && html`<label class="check"><input type="checkbox" name="for_all" value="1"> Consent on behalf of your organization: nobody else will be asked</label>`}
<div class="row">
<button name="step" value="decline">Cancel</button>
<button class="main" name="step" value="accept">Accept</button>
</div>
</form>`,
  };
}

function permission({ displayName }: Client, name: string, description: string): Html {
  return html`<li><b>${name}</b>${description} <span class="quiet">(${displayName})</span></li>`;
}

function publisher({ homeTenantId, tenantId, registration }: Client): string {
  if (homeTenantId === undefined) return "Publisher: Azure";
  const domain = registration.publisherDomain;
  const where =
    homeTenantId === tenantId
      ? "registered in your organization"
      : `from another organization (${homeTenantId})`;
  return `Unverified publisher${domain === null ? "" : `, ${domain}`}; ${where}`;
}
