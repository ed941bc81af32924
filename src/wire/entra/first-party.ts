/**
 * The applications of Azure's own that are present in every tenant: the APIs that tokens are for, and the well-known public
 * clients. Ids: "Verify first-party Microsoft applications in sign-in reports" and "Microsoft Graph permissions reference";
 * the descriptions are ours.
 */
import {
  type AppRole,
  EMPTY_REGISTRATION,
  type PermissionScope,
  type PreAuthorizedApplication,
  type Registration,
} from "./registration.ts";

export interface FirstPartyApplication {
  readonly appId: string;
  readonly displayName: string;
  readonly registration: Registration;
}

export const BATCH_APP_ID = "ddbf3205-c6bd-46ae-8127-60eb93363864";
export const GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000";
export const ARM_APP_ID = "797f4846-ba00-4fd7-ba43-dac1f8f63013";
export const STORAGE_APP_ID = "e406a681-f3d4-42a8-90b6-c2b029497af1";
/** Its tokens are another application's credential ("workload identity federation"). */
export const TOKEN_EXCHANGE_APP_ID = "fb60f99c-7a34-4190-8149-302f77469936";
export const AZURE_CLI_APP_ID = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
export const AZURE_POWERSHELL_APP_ID = "1950a258-227b-4e31-a9cf-717495945fc2";
export const PORTAL_APP_ID = "c44b4083-3bb0-49c1-b47d-974e53cbdf3c";

/** The family of Azure's own public clients, which share refresh tokens: what one was given, another may use. MSAL knows it by `foci`. */
export const FAMILY = "1";
const FAMILY_CLIENTS: ReadonlySet<string> = new Set([AZURE_CLI_APP_ID, AZURE_POWERSHELL_APP_ID]);

/** @param appId lower-case */
export const isFamilyClient = (appId: string): boolean => FAMILY_CLIENTS.has(appId);

/** The delegated permission "Access Azure Batch Service". */
export const BATCH_USER_IMPERSONATION_ID = "4e6fd61d-4ff6-4a6f-8a0b-5a1f2c7b9e31";
export const GRAPH_USER_READ_ID = "e1fe6dd8-ba31-4d61-89e7-88639da4683d";

const scope = (
  id: string,
  value: string,
  type: PermissionScope["type"],
  displayName: string,
  description: string,
): PermissionScope => ({
  id,
  value,
  type,
  isEnabled: true,
  adminConsentDisplayName: displayName,
  adminConsentDescription: description,
  userConsentDisplayName: displayName,
  userConsentDescription: description,
});

const role = (id: string, value: string, displayName: string): AppRole => ({
  id,
  value,
  displayName,
  description: `${displayName}, without a signed-in user.`,
  isEnabled: true,
  allowedMemberTypes: ["Application"],
});

const BATCH_SCOPES = [
  scope(
    BATCH_USER_IMPERSONATION_ID,
    "user_impersonation",
    "User",
    "Access Azure Batch Service",
    "Use the Batch service as you: whatever your roles on a Batch account allow.",
  ),
];
const ARM_SCOPES = [
  scope(
    "41094075-9dad-400e-a0bd-54e686782033",
    "user_impersonation",
    "User",
    "Access Azure Service Management as you",
    "Manage Azure resources as you: whatever your roles allow.",
  ),
];
const STORAGE_SCOPES = [
  scope(
    "03e0da56-190b-40ad-a80c-ea378c433f7f",
    "user_impersonation",
    "User",
    "Access Azure Storage",
    "Read and write blobs as you: whatever your roles allow.",
  ),
];
const GRAPH_SCOPES = [
  scope("37f7f235-527c-4136-accd-4a02d197296e", "openid", "User", "Sign you in", "Know that it is you."),
  scope(
    "14dad69e-099b-42c9-810b-d002981feec1",
    "profile",
    "User",
    "View your basic profile",
    "See your name and user name.",
  ),
  scope(
    "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0",
    "email",
    "User",
    "View your email address",
    "See your primary email address.",
  ),
  scope(
    "7427e0e9-2fba-42fe-b0c0-848c9e6a8182",
    "offline_access",
    "User",
    "Maintain access to data you have given it access to",
    "Go on working for you while you are away, until you take the consent back.",
  ),
  scope(
    GRAPH_USER_READ_ID,
    "User.Read",
    "User",
    "Sign you in and read your profile",
    "Sign you in, and read your profile and the directory's name.",
  ),
  scope(
    "b340eb25-3456-403f-be2f-af7a0d370277",
    "User.ReadBasic.All",
    "User",
    "Read all users' basic profiles",
    "See the names of the users of your directory.",
  ),
  scope(
    "a154be20-db9c-4678-8ab7-66f6cc099a59",
    "User.Read.All",
    "Admin",
    "Read all users' full profiles",
    "Read every user's profile.",
  ),
  scope(
    "204e0828-b5ca-4ad8-b9f3-f32a958e7cc4",
    "User.ReadWrite.All",
    "Admin",
    "Read and write all users' full profiles",
    "Change every user's profile.",
  ),
  scope(
    "4bb440cd-2cf2-4f90-8004-aa2acd2537c5",
    "User.DeleteRestore.All",
    "Admin",
    "Delete and restore users",
    "Delete users, and restore deleted ones.",
  ),
  scope(
    "5f8c59db-677d-491f-a6b8-5f174b11ec1d",
    "Group.Read.All",
    "Admin",
    "Read all groups",
    "Read groups and their members.",
  ),
  scope(
    "4e46008b-f24c-477d-8fff-7bb4ec7aafe0",
    "Group.ReadWrite.All",
    "Admin",
    "Read and write all groups",
    "Change groups and their members.",
  ),
  scope(
    "c79f8feb-a9db-4090-85f9-90d820caa0eb",
    "Application.Read.All",
    "Admin",
    "Read applications",
    "Read applications and service principals.",
  ),
  scope(
    "bdfbf15f-ee85-4955-8675-146e8e5296b5",
    "Application.ReadWrite.All",
    "Admin",
    "Read and write all applications",
    "Change applications and service principals.",
  ),
  scope(
    "06da0dbc-49e2-44d2-8312-53f166ab848a",
    "Directory.Read.All",
    "Admin",
    "Read directory data",
    "Read everything in the directory.",
  ),
  scope(
    "c5366453-9fb0-48a5-a156-24f0c49a4b84",
    "Directory.ReadWrite.All",
    "Admin",
    "Read and write directory data",
    "Change everything in the directory.",
  ),
  scope(
    "0e263e50-5827-48a4-b97c-d940288653c7",
    "Directory.AccessAsUser.All",
    "Admin",
    "Access the directory as you",
    "Do in the directory what you may do there.",
  ),
  scope(
    "41ce6ca6-6826-4807-84f1-1c82854f7ee5",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Admin",
    "Manage all delegated permission grants",
    "Give and take back consent.",
  ),
  scope(
    "e4c9e354-4dc5-45b8-9e7c-e1393b0b1a20",
    "AuditLog.Read.All",
    "Admin",
    "Read audit log data",
    "Read sign-ins and changes of the directory.",
  ),
  scope(
    "84bccea3-f856-4a8a-967b-dbe0a3d53a64",
    "AppRoleAssignment.ReadWrite.All",
    "Admin",
    "Manage app role assignments",
    "Give and take back application permissions.",
  ),
];
const GRAPH_ROLES = [
  role("b0afded3-3588-46d8-8b3d-9842eff778da", "AuditLog.Read.All", "Read all audit log data"),
  role("df021288-bdef-4463-88db-98f22de89214", "User.Read.All", "Read all users' full profiles"),
  role(
    "741f803b-c850-494e-b5df-cde7c675a1ca",
    "User.ReadWrite.All",
    "Read and write all users' full profiles",
  ),
  role("eccc023d-eccf-4e7b-9683-8813ab36cecc", "User.DeleteRestore.All", "Delete and restore all users"),
  role("5b567255-7703-4780-807c-7be8301ae99b", "Group.Read.All", "Read all groups"),
  role("62a82d76-70ea-41e2-9197-370581804d09", "Group.ReadWrite.All", "Read and write all groups"),
  role("9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30", "Application.Read.All", "Read all applications"),
  role(
    "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
    "Application.ReadWrite.All",
    "Read and write all applications",
  ),
  role("7ab1d382-f21e-4acd-a863-ba3e13f7da61", "Directory.Read.All", "Read directory data"),
  role("19dbc75e-c2e2-444c-a770-ec69d8559fc7", "Directory.ReadWrite.All", "Read and write directory data"),
  role(
    "06b708a9-e830-4db3-a914-8e69da51d44f",
    "AppRoleAssignment.ReadWrite.All",
    "Manage app role assignments",
  ),
  role(
    "8e8e4742-1d95-4f68-9d56-6ee75648c72a",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Manage all delegated permission grants",
  ),
];

/** Values of the app roles of Microsoft Graph that are known here. */
export const GRAPH_APP_ROLES: readonly (string | null)[] = GRAPH_ROLES.map(({ value }) => value);

/** The id of an app role of Microsoft Graph. @throws for a value that is none: a programmer's error */
export function graphAppRoleId(value: string): string {
  const found = GRAPH_ROLES.find((each) => each.value === value);
  if (found === undefined) throw new Error(`Microsoft Graph has no app role '${value}' here`);
  return found.id;
}

/** What the service trusts its own command lines and its portal with, without asking: no consent page comes up for them. */
const GRAPH_SCOPES_OF_TOOLS = [
  "openid",
  "profile",
  "email",
  "offline_access",
  "User.Read",
  "User.ReadWrite.All",
  "Group.ReadWrite.All",
  "Application.ReadWrite.All",
  "AppRoleAssignment.ReadWrite.All",
  "DelegatedPermissionGrant.ReadWrite.All",
  "Directory.AccessAsUser.All",
];

function trustingTheTools(scopes: readonly PermissionScope[]): PreAuthorizedApplication[] {
  const delegatedPermissionIds = scopes.map(({ id }) => id);
  return [AZURE_CLI_APP_ID, AZURE_POWERSHELL_APP_ID, PORTAL_APP_ID].map((appId) => ({
    appId,
    delegatedPermissionIds,
  }));
}

function api(
  appId: string,
  displayName: string,
  scopes: readonly PermissionScope[],
  trusted: readonly PermissionScope[] = scopes,
  appRoles: readonly AppRole[] = [],
): FirstPartyApplication {
  return {
    appId,
    displayName,
    registration: {
      ...EMPTY_REGISTRATION,
      api: { oauth2PermissionScopes: scopes, preAuthorizedApplications: trustingTheTools(trusted) },
      appRoles,
    },
  };
}

function publicTool(appId: string, displayName: string): FirstPartyApplication {
  // Loopback on any port, and the page that ADAL and MSAL use where they bring a browser of their own.
  const redirectUris = [
    "http://localhost",
    "http://127.0.0.1",
    "urn:ietf:wg:oauth:2.0:oob",
    "https://login.microsoftonline.com/common/oauth2/nativeclient",
  ];
  return {
    appId,
    displayName,
    registration: { ...EMPTY_REGISTRATION, publicClient: { redirectUris }, isFallbackPublicClient: true },
  };
}

export const FIRST_PARTY_APPLICATIONS: readonly FirstPartyApplication[] = [
  api(BATCH_APP_ID, "Microsoft Azure Batch", BATCH_SCOPES),
  api(
    GRAPH_APP_ID,
    "Microsoft Graph",
    GRAPH_SCOPES,
    GRAPH_SCOPES.filter(({ value }) => GRAPH_SCOPES_OF_TOOLS.includes(value)),
    GRAPH_ROLES,
  ),
  api(ARM_APP_ID, "Windows Azure Service Management API", ARM_SCOPES),
  api(STORAGE_APP_ID, "Azure Storage", STORAGE_SCOPES),
  api(TOKEN_EXCHANGE_APP_ID, "AAD Token Exchange Endpoint", []),
  publicTool(AZURE_CLI_APP_ID, "Microsoft Azure CLI"),
  publicTool(AZURE_POWERSHELL_APP_ID, "Microsoft Azure PowerShell"),
  // Where it may be answered depends on the installation's ports: src/planes/entra/portal-client.ts.
  { appId: PORTAL_APP_ID, displayName: "Azure Portal", registration: EMPTY_REGISTRATION },
];

const BY_APP_ID = new Map(FIRST_PARTY_APPLICATIONS.map((application) => [application.appId, application]));

/** @param appId lower-case */
export const firstPartyApplication = (appId: string): FirstPartyApplication | undefined =>
  BY_APP_ID.get(appId);
