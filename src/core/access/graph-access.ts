/** Whether a caller may do something in the directory. Decided from the operation and the caller alone, never from the object. */
import { GLOBAL_ADMINISTRATOR } from "../../wire/entra/directory-roles.ts";
import { GRAPH_APP_ID } from "../../wire/entra/first-party.ts";
import { AS_USER, type GraphAccess, WRITE_APP_ROLES } from "../../wire/graph/access.ts";

/** What an access token and the directory tell of its bearer. */
export interface GraphCaller {
  readonly kind: "ServicePrincipal" | "User";
  /** Values of app roles of Microsoft Graph, for an application that acts as itself. */
  readonly appRoles: readonly string[];
  /** Delegated permissions, for one that acts for a user. */
  readonly scopes: readonly string[];
  /** Template ids of the user's directory roles. */
  readonly directoryRoles: ReadonlySet<string>;
}

/** What a refused caller lacks; the refusal says it in these words. */
export type GraphRefusal =
  | { readonly lacks: "user" }
  | { readonly lacks: "appRole" | "scope" | "directoryRole"; readonly anyOf: readonly string[] };

/** @returns undefined when the caller may */
export function refusedBy(access: GraphAccess, caller: GraphCaller): GraphRefusal | undefined {
  if (caller.kind === "ServicePrincipal") {
    if (access.appRoles.length === 0) return { lacks: "user" };
    return holdsOne(access.appRoles, caller.appRoles)
      ? undefined
      : { lacks: "appRole", anyOf: access.appRoles };
  }
  if (!holdsOne(access.scopes, caller.scopes)) return { lacks: "scope", anyOf: access.scopes };
  const { users } = access;
  if (users === "member" || users.some(({ templateId }) => caller.directoryRoles.has(templateId))) return;
  return { lacks: "directoryRole", anyOf: users.map(({ displayName }) => displayName) };
}

/**
 * What would let anyone else become an administrator is for Global Administrators alone: an administrator's password, state and
 * name, and Microsoft Graph's own app roles.
 */
export function isGlobalAdministrator({ kind, scopes, directoryRoles }: GraphCaller): boolean {
  return kind === "User" && scopes.includes(AS_USER) && directoryRoles.has(GLOBAL_ADMINISTRATOR.templateId);
}

/** Whether the caller may give an app role of this resource: the one decision for the API and for the consent page. */
export function mayGiveAppRole(caller: GraphCaller, resourceAppId: string): boolean {
  if (refusedBy(WRITE_APP_ROLES, caller) !== undefined) return false;
  return (
    caller.kind === "ServicePrincipal" || resourceAppId !== GRAPH_APP_ID || isGlobalAdministrator(caller)
  );
}

/** A user at one of the service's own pages, which acts with all of the user's power. */
export const userAtPage = (directoryRoles: ReadonlySet<string>): GraphCaller => ({
  kind: "User",
  appRoles: [],
  scopes: [AS_USER],
  directoryRoles,
});

const holdsOne = (wanted: readonly string[], held: readonly string[]): boolean =>
  wanted.some((value) => held.includes(value));
