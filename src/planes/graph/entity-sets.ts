/** The entity sets of Graph that are here: what a filter may name, and what is shown where nothing is selected. */
import type { EntitySet } from "./request/list.ts";

export const APPLICATIONS: EntitySet = {
  name: "applications",
  filterable: new Set([
    "id",
    "appId",
    "displayName",
    "signInAudience",
    "createdDateTime",
    "publisherDomain",
    "identifierUris/any",
    "tags/any",
  ]),
};

export const SERVICE_PRINCIPALS: EntitySet = {
  name: "servicePrincipals",
  filterable: new Set([
    "id",
    "appId",
    "displayName",
    "appDisplayName",
    "accountEnabled",
    "appOwnerOrganizationId",
    "servicePrincipalType",
    "createdDateTime",
    "servicePrincipalNames/any",
    "tags/any",
  ]),
};

export const USERS: EntitySet = {
  name: "users",
  filterable: new Set([
    "id",
    "userPrincipalName",
    "displayName",
    "givenName",
    "surname",
    "mail",
    "mailNickname",
    "accountEnabled",
    "userType",
    "department",
    "jobTitle",
    "createdDateTime",
  ]),
  shownByDefault: new Set([
    "businessPhones",
    "displayName",
    "givenName",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
    "id",
  ]),
};

export const GROUPS: EntitySet = {
  name: "groups",
  filterable: new Set([
    "id",
    "displayName",
    "description",
    "mailNickname",
    "mailEnabled",
    "securityEnabled",
    "createdDateTime",
  ]),
};

/** Members and memberships: objects of several kinds. */
export const DIRECTORY_OBJECTS: EntitySet = {
  name: "directoryObjects",
  filterable: new Set(["id", "displayName"]),
};

export const DIRECTORY_ROLES: EntitySet = {
  name: "directoryRoles",
  filterable: new Set(["id", "displayName", "roleTemplateId"]),
};

export const GRANTS: EntitySet = {
  name: "oauth2PermissionGrants",
  filterable: new Set(["id", "clientId", "consentType", "principalId", "resourceId", "scope"]),
};

export const APP_ROLE_ASSIGNMENTS: EntitySet = {
  name: "appRoleAssignments",
  filterable: new Set(["id", "appRoleId", "principalId", "principalType", "resourceId"]),
};

export const FEDERATED_CREDENTIALS: EntitySet = {
  name: "federatedIdentityCredentials",
  filterable: new Set(["id", "name", "issuer", "subject"]),
};

export const ORGANIZATION: EntitySet = { name: "organization", filterable: new Set(["id", "displayName"]) };

export const DOMAINS: EntitySet = {
  name: "domains",
  filterable: new Set(["id", "isDefault", "isVerified"]),
};

export const SIGN_INS: EntitySet = {
  name: "auditLogs/signIns",
  filterable: new Set([
    "id",
    "createdDateTime",
    "userId",
    "userPrincipalName",
    "userDisplayName",
    "appId",
    "appDisplayName",
    "servicePrincipalId",
    "ipAddress",
    "correlationId",
    "isInteractive",
    "status/errorCode",
    "signInEventTypes/any",
  ]),
};

export const DIRECTORY_AUDITS: EntitySet = {
  name: "auditLogs/directoryAudits",
  filterable: new Set([
    "id",
    "activityDateTime",
    "activityDisplayName",
    "category",
    "correlationId",
    "loggedByService",
    "operationType",
    "result",
    "targetResources/any",
  ]),
};
