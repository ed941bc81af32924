/** What the commands ask Microsoft Graph about applications. */

import { CommandError } from "../command/exit-code.ts";
import type { ManagementSession } from "../connect/management-session.ts";
import { directoryList } from "../directory-list.ts";

export interface ResourceAccess {
  readonly resourceAppId: string;
  readonly resourceAccess: readonly { readonly id: string; readonly type: "Scope" | "Role" }[];
}

/** What the portal says of a new registration that says nothing else: this tenant's accounts, and User.Read of Microsoft Graph. */
export const PORTAL_REGISTRATION = {
  signInAudience: "AzureADMyOrg",
  requiredResourceAccess: [
    {
      resourceAppId: "00000003-0000-0000-c000-000000000000",
      resourceAccess: [{ id: "e1fe6dd8-ba31-4d61-89e7-88639da4683d", type: "Scope" }],
    },
  ],
};

export interface Application {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly signInAudience: string;
  readonly requiredResourceAccess: readonly ResourceAccess[];
  readonly passwordCredentials: readonly {
    readonly keyId: string;
    readonly displayName: string | null;
    readonly hint: string | null;
    readonly endDateTime: string;
  }[];
}

export interface ServicePrincipal {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly oauth2PermissionScopes: readonly { readonly id: string; readonly value: string }[];
}

/** @param name an application id, or a display name that only one application has. @throws CommandError */
export async function findApplication(session: ManagementSession, name: string): Promise<Application> {
  const property = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(name) ? "appId" : "displayName";
  const found = await directoryList<Application>(session, `/applications?$filter=${equals(property, name)}`);
  const [application, ...others] = found;
  if (application === undefined) throw new CommandError(`there is no application '${name}'`);
  if (others.length > 0) {
    throw new CommandError(`${found.length} applications are named '${name}'; give the application id`);
  }
  return application;
}

/** Of an application in this tenant. @throws CommandError where it has none */
export async function findServicePrincipal(
  session: ManagementSession,
  appId: string,
): Promise<ServicePrincipal> {
  const path = `/servicePrincipals?$filter=${equals("appId", appId)}`;
  const [principal] = await directoryList<ServicePrincipal>(session, path);
  if (principal === undefined) throw new CommandError(`${appId} has no service principal in this tenant`);
  return principal;
}

export function equals(property: string, value: string): string {
  return encodeURIComponent(`${property} eq '${value.replaceAll("'", "''")}'`);
}
