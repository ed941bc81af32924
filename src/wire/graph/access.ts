/**
 * Who may do what in a directory, in a dozen kinds; `operations.ts` says which operation is of which kind. Sources: the
 * "Permissions" table on each operation's page of the Graph reference; "Microsoft Entra built-in roles".
 */
import {
  APPLICATION_ADMINISTRATOR,
  type DirectoryRole,
  GLOBAL_ADMINISTRATOR,
  USER_ADMINISTRATOR,
} from "../entra/directory-roles.ts";

export interface GraphAccess {
  /** In a few words, for the compatibility page. */
  readonly name: string;
  /** An application that acts as itself holds one of these app roles of Microsoft Graph. Empty: none may. */
  readonly appRoles: readonly string[];
  /** An application that acts for a user holds one of these delegated permissions, … */
  readonly scopes: readonly string[];
  /** … and the user one of these directory roles; `member` is every user of the tenant. */
  readonly users: "member" | readonly DirectoryRole[];
}

/** The delegated permission that stands for all that its user may do in the directory. */
export const AS_USER = "Directory.AccessAsUser.All";

const READ_ALL = ["Directory.Read.All", "Directory.ReadWrite.All"];
const WRITE_ALL = ["Directory.ReadWrite.All"];
const readAndWrite = (what: string) => [`${what}.Read.All`, `${what}.ReadWrite.All`];

const APPLICATION_ADMINISTRATORS = [GLOBAL_ADMINISTRATOR, APPLICATION_ADMINISTRATOR];
const USER_ADMINISTRATORS = [GLOBAL_ADMINISTRATOR, USER_ADMINISTRATOR];

/** @param more delegated permissions that count beside the app roles' counterparts */
function read(name: string, permissions: readonly string[], more: readonly string[] = []): GraphAccess {
  const appRoles = [...permissions, ...READ_ALL];
  return { name, appRoles, scopes: [...appRoles, ...more, AS_USER], users: "member" };
}

function write(name: string, appRoles: readonly string[], users: readonly DirectoryRole[]): GraphAccess {
  return { name, appRoles, scopes: [...appRoles, AS_USER], users };
}

export const READ_APPLICATIONS = read("read applications", readAndWrite("Application"));
export const WRITE_APPLICATIONS = write(
  "write applications",
  ["Application.ReadWrite.All", ...WRITE_ALL],
  APPLICATION_ADMINISTRATORS,
);

export const READ_USERS = read("read users", readAndWrite("User"), ["User.ReadBasic.All"]);
export const WRITE_USERS = write("write users", ["User.ReadWrite.All", ...WRITE_ALL], USER_ADMINISTRATORS);

/** "Restore deleted item", "Permanently delete item": for users. */
export const RESTORE_USERS = write(
  "delete and restore users",
  ["User.DeleteRestore.All", "User.ReadWrite.All", ...WRITE_ALL],
  USER_ADMINISTRATORS,
);

export const READ_GROUPS = read("read groups", readAndWrite("Group"));
export const WRITE_GROUPS = write("write groups", ["Group.ReadWrite.All", ...WRITE_ALL], USER_ADMINISTRATORS);

/** Of some type; which one, the object tells. */
export const RESTORE_DELETED = write(
  "restore deleted objects",
  ["Application.ReadWrite.All", ...RESTORE_USERS.appRoles],
  [GLOBAL_ADMINISTRATOR, APPLICATION_ADMINISTRATOR, USER_ADMINISTRATOR],
);

export const READ_CONSENT = read("read consent", ["DelegatedPermissionGrant.ReadWrite.All"]);
export const WRITE_CONSENT = write(
  "give consent",
  ["DelegatedPermissionGrant.ReadWrite.All", ...WRITE_ALL],
  APPLICATION_ADMINISTRATORS,
);

export const READ_APP_ROLES = read("read app role assignments", [
  ...readAndWrite("Application"),
  "AppRoleAssignment.ReadWrite.All",
]);
/** `Directory.ReadWrite.All` is not enough: with it an application could give itself every other permission. */
export const WRITE_APP_ROLES = write(
  "assign app roles",
  ["AppRoleAssignment.ReadWrite.All"],
  APPLICATION_ADMINISTRATORS,
);

/** Who is in an application's or a group's roles, and any object by its id. */
export const READ_DIRECTORY = read("read the directory", [
  ...readAndWrite("User"),
  ...readAndWrite("Group"),
  ...readAndWrite("Application"),
]);

/** The tenant's own name, which each of its users sees at sign-in. */
export const READ_ORGANIZATION = read(
  "read the organization",
  [...readAndWrite("User"), ...readAndWrite("Application")],
  ["User.Read"],
);

/** Who signed in when and from where, and who changed what. */
export const READ_AUDIT: GraphAccess = {
  name: "read the audit log",
  appRoles: ["AuditLog.Read.All"],
  scopes: ["AuditLog.Read.All", AS_USER],
  users: [GLOBAL_ADMINISTRATOR],
};

export const READ_DIRECTORY_ROLES = read("read directory roles", []);
/** No application may: whoever makes administrators is one. */
export const WRITE_DIRECTORY_ROLES: GraphAccess = {
  name: "assign directory roles",
  appRoles: [],
  scopes: [AS_USER],
  users: [GLOBAL_ADMINISTRATOR],
};

/** One's own profile and memberships: only where a user is signed in. */
export const READ_ME: GraphAccess = {
  name: "read one's own",
  appRoles: [],
  scopes: ["User.Read", "User.ReadBasic.All", ...readAndWrite("User"), ...READ_ALL, AS_USER],
  users: "member",
};

/** One's own sessions, on all devices: only where a user is signed in. */
export const REVOKE_ME: GraphAccess = {
  name: "end one's own sessions",
  appRoles: [],
  scopes: ["User.ReadWrite.All", ...WRITE_ALL, AS_USER],
  users: "member",
};
