/**
 * Reads the file of `--seed`. Strict: an unknown name, a missing one or a wrong type is an error that says where, so that a
 * typing mistake never becomes an installation without the role it was to have.
 */
import { randomUUID } from "node:crypto";
import { isGuid } from "../../core/guid.ts";
import { DIRECTORY_ROLES } from "../../wire/entra/directory-roles.ts";
import { GRAPH_APP_ROLES } from "../../wire/entra/first-party.ts";
import { BUILT_IN_ROLES } from "../../wire/rbac/built-in-roles.ts";
import { generateSecret } from "../directory/client-secret.ts";
import type { ApplicationSeed, UserSeed } from "../directory/seed.ts";
import type { FirstCredentials } from "./default-seed.ts";
import type {
  AccountSeed,
  RoleAssignmentSeed,
  Seed,
  StorageAccountSeed,
  SubscriptionSeed,
  TenantSeed,
} from "./seed.ts";
import { type Json, list, object, optional, parseJson, SeedError, string, textAt } from "./seed-json.ts";

type Principal = Pick<RoleAssignmentSeed, "tenantId" | "principalId" | "principalType">;

/** What one part of the file says that others refer to. */
interface Named {
  readonly now: number;
  /** By client id or user principal name. */
  readonly principals: Map<string, Principal>;
  /** Of the first application and the first user of the file. */
  readonly credentials: { [Name in keyof FirstCredentials]: string | null };
}

export function parseSeedFile(
  text: string,
  now: number,
): { readonly seed: Seed; readonly credentials: Named["credentials"] } {
  const file = object(parseJson(text), "seed", [
    "tenants",
    "subscriptions",
    "accounts",
    "storageAccounts",
    "roleAssignments",
  ]);
  const named: Named = {
    now,
    principals: new Map(),
    credentials: { clientId: null, clientSecret: null, username: null, password: null },
  };
  const tenants = each(file, "tenants", (value, at) => readTenant(value, at, named));
  const subscriptions = each(file, "subscriptions", (value, at) => readSubscription(value, at, tenants));
  const accounts = each(file, "accounts", (value, at) => readAccount(value, at, subscriptions));
  if (accounts.length === 0) throw new SeedError("seed.accounts needs at least one account");
  const storageAccounts = each(file, "storageAccounts", (value, at) =>
    readPosition(
      object(value, at, ["name", "subscriptionId", "resourceGroup", "location"]),
      at,
      subscriptions,
    ),
  );
  const roleAssignments = each(file, "roleAssignments", (value, at) => readAssignment(value, at, named));
  const seed = { tenants, subscriptions, accounts, storageAccounts, roleAssignments };
  return { seed, credentials: named.credentials };
}

function each<T>(file: Json, name: string, read: (value: unknown, at: string) => T): T[] {
  return list(file, name, "seed").map((value, index) => read(value, `${name}[${index}]`));
}

function readTenant(value: unknown, at: string, named: Named): TenantSeed {
  const tenant = object(value, at, ["tenantId", "displayName", "domains", "applications", "users"]);
  const tenantId = string(tenant, "tenantId", at).toLowerCase();
  const [domain, ...domains] = list(tenant, "domains", at).map((name, d) =>
    textAt(name, `${at}.domains[${d}]`),
  );
  if (domain === undefined) throw new SeedError(`${at}.domains needs at least one domain`);
  return {
    tenantId,
    displayName: optional(tenant, "displayName", at) ?? domain,
    domains: [domain, ...domains],
    applications: list(tenant, "applications", at).map((item, a) =>
      readApplication(item, `${at}.applications[${a}]`, tenantId, named),
    ),
    users: list(tenant, "users", at).map((item, u) => readUser(item, `${at}.users[${u}]`, tenantId, named)),
  };
}

function readApplication(value: unknown, at: string, tenantId: string, named: Named): ApplicationSeed {
  const names = ["clientId", "displayName", "clientSecret", "expiresInDays", "graphAppRoles"];
  const application = object(value, at, names);
  const appId = string(application, "clientId", at).toLowerCase();
  const secret = optional(application, "clientSecret", at) ?? generateSecret();
  const days = application.expiresInDays;
  if (days !== undefined && typeof days !== "number")
    throw new SeedError(`${at}.expiresInDays must be a number`);
  const endAt = days === undefined ? {} : { endAt: named.now + days * 86_400_000 };
  const servicePrincipalId = randomUUID();
  named.principals.set(appId, {
    tenantId,
    principalId: servicePrincipalId,
    principalType: "ServicePrincipal",
  });
  if (named.credentials.clientId === null)
    Object.assign(named.credentials, { clientId: appId, clientSecret: secret });
  return {
    appId,
    graphAppRoles: list(application, "graphAppRoles", at).map((role, g) =>
      graphAppRole(role, `${at}.graphAppRoles[${g}]`),
    ),
    displayName: optional(application, "displayName", at) ?? appId,
    objectId: randomUUID(),
    servicePrincipalId,
    secrets: [{ keyId: randomUUID(), secret, ...endAt }],
  };
}

function graphAppRole(value: unknown, at: string): string {
  const role = textAt(value, at);
  if (!GRAPH_APP_ROLES.includes(role)) throw new SeedError(`${at} '${role}' is no app role of Graph`);
  return role;
}

function readUser(value: unknown, at: string, tenantId: string, named: Named): UserSeed {
  const user = object(value, at, ["userPrincipalName", "displayName", "password", "directoryRoles"]);
  const userPrincipalName = string(user, "userPrincipalName", at).toLowerCase();
  const password = string(user, "password", at);
  const objectId = randomUUID();
  named.principals.set(userPrincipalName, { tenantId, principalId: objectId, principalType: "User" });
  if (named.credentials.username === null)
    Object.assign(named.credentials, { username: userPrincipalName, password });
  return {
    objectId,
    userPrincipalName,
    displayName: optional(user, "displayName", at) ?? userPrincipalName,
    password,
    directoryRoles: list(user, "directoryRoles", at).map((role, d) =>
      directoryRole(role, `${at}.directoryRoles[${d}]`),
    ),
  };
}

function directoryRole(value: unknown, at: string): string {
  const role = textAt(value, at);
  const known = DIRECTORY_ROLES.find(({ displayName }) => displayName === role);
  if (!known) throw new SeedError(`${at} '${role}' is no directory role`);
  return known.templateId;
}

function readSubscription(value: unknown, at: string, tenants: readonly TenantSeed[]): SubscriptionSeed {
  const subscription = object(value, at, ["subscriptionId", "tenantId", "displayName"]);
  const subscriptionId = string(subscription, "subscriptionId", at).toLowerCase();
  if (!isGuid(subscriptionId)) throw new SeedError(`${at}.subscriptionId must be a GUID`);
  const tenantId = string(subscription, "tenantId", at).toLowerCase();
  if (!tenants.some((tenant) => tenant.tenantId === tenantId))
    throw new SeedError(`${at}.tenantId names no tenant of the file`);
  const displayName = optional(subscription, "displayName", at) ?? subscriptionId;
  return { subscriptionId, tenantId, displayName };
}

function readAccount(value: unknown, at: string, subscriptions: readonly SubscriptionSeed[]): AccountSeed {
  const names = ["name", "subscriptionId", "resourceGroup", "location", "primaryKey", "secondaryKey"];
  const account = object(value, at, names);
  return {
    ...readPosition(account, at, subscriptions),
    ...accountKey(account, "primaryKey", at),
    ...accountKey(account, "secondaryKey", at),
  };
}

/** What a Batch account and a storage account have in common: a name, and where it lies. */
function readPosition(
  account: Json,
  at: string,
  subscriptions: readonly SubscriptionSeed[],
): StorageAccountSeed {
  const name = string(account, "name", at);
  if (!/^[a-z0-9]{3,24}$/.test(name))
    throw new SeedError(`${at}.name must be 3 to 24 lower-case letters and digits`);
  const subscriptionId = string(account, "subscriptionId", at).toLowerCase();
  if (!subscriptions.some((known) => known.subscriptionId === subscriptionId))
    throw new SeedError(`${at}.subscriptionId names no subscription of the file`);
  const resourceGroup = string(account, "resourceGroup", at);
  return { name, subscriptionId, resourceGroup, location: string(account, "location", at) };
}

function accountKey(account: Json, name: "primaryKey" | "secondaryKey", at: string): Json {
  const key = optional(account, name, at);
  if (key === undefined) return {};
  if (Buffer.from(key, "base64").length !== 64)
    throw new SeedError(`${at}.${name} must be base64 of 64 bytes`);
  return { [name]: key };
}

function readAssignment(value: unknown, at: string, { principals }: Named): RoleAssignmentSeed {
  const assignment = object(value, at, ["principal", "role", "scope"]);
  const principal = principals.get(string(assignment, "principal", at).toLowerCase());
  if (!principal) throw new SeedError(`${at}.principal names no application (clientId) or user of the file`);
  const name = string(assignment, "role", at);
  const role = BUILT_IN_ROLES.find((known) => known.name === name.toLowerCase() || known.roleName === name);
  if (!role) throw new SeedError(`${at}.role '${name}' is no built-in role`);
  const scope = string(assignment, "scope", at);
  if (!scope.startsWith("/subscriptions/"))
    throw new SeedError(`${at}.scope must begin with /subscriptions/`);
  return { ...principal, roleDefinitionId: role.name, scope };
}
