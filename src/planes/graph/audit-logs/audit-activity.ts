/** What Graph calls a change of the directory. Source: "Microsoft Entra audit log categories and activities". */

export interface Activity {
  readonly name: string;
  readonly category:
    | "UserManagement"
    | "GroupManagement"
    | "ApplicationManagement"
    | "RoleManagement"
    | "DirectoryManagement";
  readonly type: "Add" | "Update" | "Delete" | "Assign" | "Unassign";
}

const activity = (category: Activity["category"], type: Activity["type"], name: string): Activity => ({
  name,
  category,
  type,
});
const [USERS, GROUPS, APPLICATIONS, ROLES, DIRECTORY] = [
  "UserManagement",
  "GroupManagement",
  "ApplicationManagement",
  "RoleManagement",
  "DirectoryManagement",
] as const;
const CREDENTIALS = activity(
  APPLICATIONS,
  "Update",
  "Update application – Certificates and secrets management",
);
const CONSENT = activity(APPLICATIONS, "Assign", "Consent to application");

const ACTIVITIES: ReadonlyMap<string, Activity> = new Map([
  ["Users_Create", activity(USERS, "Add", "Add user")],
  ["Users_Update", activity(USERS, "Update", "Update user")],
  ["Users_Delete", activity(USERS, "Delete", "Delete user")],
  ["Me_RevokeSignInSessions", activity(USERS, "Update", "Update StsRefreshTokenValidFrom Timestamp")],
  ["Users_RevokeSignInSessions", activity(USERS, "Update", "Update StsRefreshTokenValidFrom Timestamp")],
  ["Users_AddAppRoleAssignment", activity(USERS, "Add", "Add app role assignment grant to user")],
  ["Users_RemoveAppRoleAssignment", activity(USERS, "Delete", "Remove app role assignment from user")],
  ["Groups_Create", activity(GROUPS, "Add", "Add group")],
  ["Groups_Update", activity(GROUPS, "Update", "Update group")],
  ["Groups_Delete", activity(GROUPS, "Delete", "Delete group")],
  ["Groups_AddMember", activity(GROUPS, "Add", "Add member to group")],
  ["Groups_RemoveMember", activity(GROUPS, "Delete", "Remove member from group")],
  ["Groups_AddAppRoleAssignment", activity(GROUPS, "Add", "Add app role assignment to group")],
  ["Groups_RemoveAppRoleAssignment", activity(GROUPS, "Delete", "Remove app role assignment from group")],
  ["Applications_Create", activity(APPLICATIONS, "Add", "Add application")],
  ["Applications_Update", activity(APPLICATIONS, "Update", "Update application")],
  ["Applications_Delete", activity(APPLICATIONS, "Delete", "Delete application")],
  ["Applications_AddPassword", CREDENTIALS],
  ["Applications_RemovePassword", CREDENTIALS],
  ["FederatedIdentityCredentials_Create", CREDENTIALS],
  ["FederatedIdentityCredentials_Update", CREDENTIALS],
  ["FederatedIdentityCredentials_Delete", CREDENTIALS],
  ["ServicePrincipals_Create", activity(APPLICATIONS, "Add", "Add service principal")],
  ["ServicePrincipals_Update", activity(APPLICATIONS, "Update", "Update service principal")],
  ["ServicePrincipals_Delete", activity(APPLICATIONS, "Delete", "Remove service principal")],
  ["ServicePrincipals_AddPassword", activity(APPLICATIONS, "Add", "Add service principal credentials")],
  [
    "ServicePrincipals_RemovePassword",
    activity(APPLICATIONS, "Delete", "Remove service principal credentials"),
  ],
  [
    "ServicePrincipals_AddAppRoleAssignment",
    activity(APPLICATIONS, "Assign", "Add app role assignment to service principal"),
  ],
  [
    "ServicePrincipals_RemoveAppRoleAssignment",
    activity(APPLICATIONS, "Unassign", "Remove app role assignment from service principal"),
  ],
  [
    "ServicePrincipals_AddAppRoleAssignedTo",
    activity(APPLICATIONS, "Assign", "Add app role assignment to service principal"),
  ],
  [
    "ServicePrincipals_RemoveAppRoleAssignedTo",
    activity(APPLICATIONS, "Unassign", "Remove app role assignment from service principal"),
  ],
  ["OAuth2PermissionGrants_Create", activity(APPLICATIONS, "Assign", "Add delegated permission grant")],
  ["OAuth2PermissionGrants_Update", activity(APPLICATIONS, "Update", "Update delegated permission grant")],
  ["OAuth2PermissionGrants_Delete", activity(APPLICATIONS, "Unassign", "Remove delegated permission grant")],
  ["DirectoryRoles_AddMember", activity(ROLES, "Assign", "Add member to role")],
  ["DirectoryRoles_RemoveMember", activity(ROLES, "Unassign", "Remove member from role")],
  ["DeletedItems_Restore", activity(DIRECTORY, "Update", "Restore deleted object")],
  ["DeletedItems_Delete", activity(DIRECTORY, "Delete", "Hard delete object")],
  ["Consent", CONSENT],
]);

/** @param operation as the audit log has it @returns undefined for what changes nothing in the directory */
export const activityOf = (operation: string): Activity | undefined => ACTIVITIES.get(operation);
