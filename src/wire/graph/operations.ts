/**
 * The operations of Microsoft Graph that are known here, each with its path below `/v1.0` or `/beta`, who may ask for it, and the
 * status of its success. Source: the Graph REST reference v1.0.
 */
import {
  type GraphAccess,
  READ_APP_ROLES,
  READ_APPLICATIONS,
  READ_AUDIT,
  READ_CONSENT,
  READ_DIRECTORY,
  READ_DIRECTORY_ROLES,
  READ_GROUPS,
  READ_ME,
  READ_ORGANIZATION,
  READ_USERS,
  RESTORE_DELETED,
  RESTORE_USERS,
  REVOKE_ME,
  WRITE_APP_ROLES,
  WRITE_APPLICATIONS,
  WRITE_CONSENT,
  WRITE_DIRECTORY_ROLES,
  WRITE_GROUPS,
  WRITE_USERS,
} from "./access.ts";

export interface GraphOperation {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** `{id}` stands for a segment, or for an OData key: `users('x')`, `applications(appId='x')`. */
  readonly path: string;
  readonly access: GraphAccess;
  readonly success: 200 | 201 | 204;
}

const get = (path: string, access: GraphAccess): GraphOperation => ({
  method: "GET",
  path,
  access,
  success: 200,
});
const create = (path: string, access: GraphAccess): GraphOperation => ({
  method: "POST",
  path,
  access,
  success: 201,
});
const ask = (path: string, access: GraphAccess): GraphOperation => ({
  ...create(path, access),
  success: 200,
});
const act = (path: string, access: GraphAccess): GraphOperation => ({
  ...create(path, access),
  success: 204,
});
const patch = (path: string, access: GraphAccess): GraphOperation => ({
  method: "PATCH",
  path,
  access,
  success: 204,
});
const remove = (path: string, access: GraphAccess): GraphOperation => ({
  method: "DELETE",
  path,
  access,
  success: 204,
});

const APPLICATION = "/applications/{id}";
const PRINCIPAL = "/servicePrincipals/{id}";
const FEDERATED = `${APPLICATION}/federatedIdentityCredentials`;
const GRANT = "/oauth2PermissionGrants/{id}";

export const graphOperations = {
  Applications_List: get("/applications", READ_APPLICATIONS),
  Applications_Create: create("/applications", WRITE_APPLICATIONS),
  Applications_Get: get(APPLICATION, READ_APPLICATIONS),
  Applications_Update: patch(APPLICATION, WRITE_APPLICATIONS),
  Applications_Delete: remove(APPLICATION, WRITE_APPLICATIONS),
  Applications_AddPassword: ask(`${APPLICATION}/addPassword`, WRITE_APPLICATIONS),
  Applications_RemovePassword: act(`${APPLICATION}/removePassword`, WRITE_APPLICATIONS),
  Applications_AddKey: ask(`${APPLICATION}/addKey`, WRITE_APPLICATIONS),
  Applications_RemoveKey: act(`${APPLICATION}/removeKey`, WRITE_APPLICATIONS),
  Applications_ListOwners: get(`${APPLICATION}/owners`, READ_APPLICATIONS),
  Applications_AddOwner: act(`${APPLICATION}/owners/$ref`, WRITE_APPLICATIONS),
  Applications_RemoveOwner: remove(`${APPLICATION}/owners/{memberId}/$ref`, WRITE_APPLICATIONS),
  FederatedIdentityCredentials_List: get(FEDERATED, READ_APPLICATIONS),
  FederatedIdentityCredentials_Create: create(FEDERATED, WRITE_APPLICATIONS),
  FederatedIdentityCredentials_Get: get(`${FEDERATED}/{credentialId}`, READ_APPLICATIONS),
  FederatedIdentityCredentials_Update: patch(`${FEDERATED}/{credentialId}`, WRITE_APPLICATIONS),
  FederatedIdentityCredentials_Delete: remove(`${FEDERATED}/{credentialId}`, WRITE_APPLICATIONS),

  ServicePrincipals_List: get("/servicePrincipals", READ_APPLICATIONS),
  ServicePrincipals_Create: create("/servicePrincipals", WRITE_APPLICATIONS),
  ServicePrincipals_Get: get(PRINCIPAL, READ_APPLICATIONS),
  ServicePrincipals_Update: patch(PRINCIPAL, WRITE_APPLICATIONS),
  ServicePrincipals_Delete: remove(PRINCIPAL, WRITE_APPLICATIONS),
  ServicePrincipals_AddPassword: ask(`${PRINCIPAL}/addPassword`, WRITE_APPLICATIONS),
  ServicePrincipals_RemovePassword: act(`${PRINCIPAL}/removePassword`, WRITE_APPLICATIONS),
  ServicePrincipals_ListOwners: get(`${PRINCIPAL}/owners`, READ_APPLICATIONS),
  ServicePrincipals_AddOwner: act(`${PRINCIPAL}/owners/$ref`, WRITE_APPLICATIONS),
  ServicePrincipals_RemoveOwner: remove(`${PRINCIPAL}/owners/{memberId}/$ref`, WRITE_APPLICATIONS),
  ServicePrincipals_ListOwnedObjects: get(`${PRINCIPAL}/ownedObjects`, READ_DIRECTORY),
  ServicePrincipals_ListMemberOf: get(`${PRINCIPAL}/memberOf`, READ_DIRECTORY),
  ServicePrincipals_ListTransitiveMemberOf: get(`${PRINCIPAL}/transitiveMemberOf`, READ_DIRECTORY),
  ServicePrincipals_GetMemberGroups: ask(`${PRINCIPAL}/getMemberGroups`, READ_DIRECTORY),
  ServicePrincipals_GetMemberObjects: ask(`${PRINCIPAL}/getMemberObjects`, READ_DIRECTORY),
  ServicePrincipals_ListOAuth2PermissionGrants: get(`${PRINCIPAL}/oauth2PermissionGrants`, READ_CONSENT),
  ServicePrincipals_ListAppRoleAssignments: get(`${PRINCIPAL}/appRoleAssignments`, READ_APP_ROLES),
  ServicePrincipals_AddAppRoleAssignment: create(`${PRINCIPAL}/appRoleAssignments`, WRITE_APP_ROLES),
  ServicePrincipals_RemoveAppRoleAssignment: remove(
    `${PRINCIPAL}/appRoleAssignments/{assignmentId}`,
    WRITE_APP_ROLES,
  ),
  ServicePrincipals_ListAppRoleAssignedTo: get(`${PRINCIPAL}/appRoleAssignedTo`, READ_APP_ROLES),
  ServicePrincipals_AddAppRoleAssignedTo: create(`${PRINCIPAL}/appRoleAssignedTo`, WRITE_APP_ROLES),
  ServicePrincipals_RemoveAppRoleAssignedTo: remove(
    `${PRINCIPAL}/appRoleAssignedTo/{assignmentId}`,
    WRITE_APP_ROLES,
  ),

  Users_List: get("/users", READ_USERS),
  Users_Create: create("/users", WRITE_USERS),
  Users_Get: get("/users/{id}", READ_USERS),
  Users_Update: patch("/users/{id}", WRITE_USERS),
  Users_Delete: remove("/users/{id}", RESTORE_USERS),
  Users_RevokeSignInSessions: ask("/users/{id}/revokeSignInSessions", WRITE_USERS),
  Users_ListMemberOf: get("/users/{id}/memberOf", READ_DIRECTORY),
  Users_ListTransitiveMemberOf: get("/users/{id}/transitiveMemberOf", READ_DIRECTORY),
  Users_ListOwnedObjects: get("/users/{id}/ownedObjects", READ_DIRECTORY),
  Users_GetMemberGroups: ask("/users/{id}/getMemberGroups", READ_DIRECTORY),
  Users_GetMemberObjects: ask("/users/{id}/getMemberObjects", READ_DIRECTORY),
  Users_ListAppRoleAssignments: get("/users/{id}/appRoleAssignments", READ_APP_ROLES),
  Users_AddAppRoleAssignment: create("/users/{id}/appRoleAssignments", WRITE_APP_ROLES),
  Users_RemoveAppRoleAssignment: remove("/users/{id}/appRoleAssignments/{assignmentId}", WRITE_APP_ROLES),

  Me_Get: get("/me", READ_ME),
  Me_ListMemberOf: get("/me/memberOf", READ_ME),
  Me_ListTransitiveMemberOf: get("/me/transitiveMemberOf", READ_ME),
  Me_GetMemberGroups: ask("/me/getMemberGroups", READ_ME),
  Me_GetMemberObjects: ask("/me/getMemberObjects", READ_ME),
  Me_RevokeSignInSessions: ask("/me/revokeSignInSessions", REVOKE_ME),
  Me_ListOwnedObjects: get("/me/ownedObjects", READ_ME),

  Groups_List: get("/groups", READ_GROUPS),
  Groups_Create: create("/groups", WRITE_GROUPS),
  Groups_Get: get("/groups/{id}", READ_GROUPS),
  Groups_Update: patch("/groups/{id}", WRITE_GROUPS),
  Groups_Delete: remove("/groups/{id}", WRITE_GROUPS),
  Groups_ListMembers: get("/groups/{id}/members", READ_GROUPS),
  Groups_AddMember: act("/groups/{id}/members/$ref", WRITE_GROUPS),
  Groups_RemoveMember: remove("/groups/{id}/members/{memberId}/$ref", WRITE_GROUPS),
  Groups_ListTransitiveMembers: get("/groups/{id}/transitiveMembers", READ_GROUPS),
  Groups_ListMemberOf: get("/groups/{id}/memberOf", READ_DIRECTORY),
  Groups_ListTransitiveMemberOf: get("/groups/{id}/transitiveMemberOf", READ_DIRECTORY),
  Groups_GetMemberGroups: ask("/groups/{id}/getMemberGroups", READ_DIRECTORY),
  Groups_GetMemberObjects: ask("/groups/{id}/getMemberObjects", READ_DIRECTORY),
  Groups_ListOwners: get("/groups/{id}/owners", READ_GROUPS),
  Groups_AddOwner: act("/groups/{id}/owners/$ref", WRITE_GROUPS),
  Groups_RemoveOwner: remove("/groups/{id}/owners/{memberId}/$ref", WRITE_GROUPS),
  Groups_ListAppRoleAssignments: get("/groups/{id}/appRoleAssignments", READ_APP_ROLES),
  Groups_AddAppRoleAssignment: create("/groups/{id}/appRoleAssignments", WRITE_APP_ROLES),
  Groups_RemoveAppRoleAssignment: remove("/groups/{id}/appRoleAssignments/{assignmentId}", WRITE_APP_ROLES),

  OAuth2PermissionGrants_List: get("/oauth2PermissionGrants", READ_CONSENT),
  OAuth2PermissionGrants_Create: create("/oauth2PermissionGrants", WRITE_CONSENT),
  OAuth2PermissionGrants_Get: get(GRANT, READ_CONSENT),
  OAuth2PermissionGrants_Update: patch(GRANT, WRITE_CONSENT),
  OAuth2PermissionGrants_Delete: remove(GRANT, WRITE_CONSENT),

  AuditLogs_ListSignIns: get("/auditLogs/signIns", READ_AUDIT),
  AuditLogs_GetSignIn: get("/auditLogs/signIns/{id}", READ_AUDIT),
  AuditLogs_ListDirectoryAudits: get("/auditLogs/directoryAudits", READ_AUDIT),
  AuditLogs_GetDirectoryAudit: get("/auditLogs/directoryAudits/{id}", READ_AUDIT),

  Organization_List: get("/organization", READ_ORGANIZATION),
  Organization_Get: get("/organization/{id}", READ_ORGANIZATION),
  Domains_List: get("/domains", READ_ORGANIZATION),
  Domains_Get: get("/domains/{id}", READ_ORGANIZATION),

  DirectoryObjects_Get: get("/directoryObjects/{id}", READ_DIRECTORY),
  DirectoryObjects_GetByIds: ask("/directoryObjects/getByIds", READ_DIRECTORY),
  DirectoryObjects_CheckMemberGroups: ask("/directoryObjects/{id}/checkMemberGroups", READ_DIRECTORY),
  DirectoryObjects_GetMemberGroups: ask("/directoryObjects/{id}/getMemberGroups", READ_DIRECTORY),
  DirectoryObjects_GetMemberObjects: ask("/directoryObjects/{id}/getMemberObjects", READ_DIRECTORY),
  DirectoryObjects_CheckMemberObjects: ask("/directoryObjects/{id}/checkMemberObjects", READ_DIRECTORY),

  DeletedItems_List: get("/directory/deletedItems", READ_DIRECTORY),
  DeletedItems_Get: get("/directory/deletedItems/{id}", READ_DIRECTORY),
  DeletedItems_Delete: remove("/directory/deletedItems/{id}", RESTORE_DELETED),
  DeletedItems_Restore: ask("/directory/deletedItems/{id}/restore", RESTORE_DELETED),

  DirectoryRoles_List: get("/directoryRoles", READ_DIRECTORY_ROLES),
  DirectoryRoles_Get: get("/directoryRoles/{id}", READ_DIRECTORY_ROLES),
  DirectoryRoles_ListMembers: get("/directoryRoles/{id}/members", READ_DIRECTORY_ROLES),
  DirectoryRoles_AddMember: act("/directoryRoles/{id}/members/$ref", WRITE_DIRECTORY_ROLES),
  DirectoryRoles_RemoveMember: remove("/directoryRoles/{id}/members/{memberId}/$ref", WRITE_DIRECTORY_ROLES),
} as const satisfies Record<string, GraphOperation>;

export type GraphOperationId = keyof typeof graphOperations;
