/**
 * Reads the file of `--seed`. Strict: an unknown name, a missing one or a wrong type is an error that says where, so that a
 * typing mistake never becomes an installation without the role it was to have.
 */
import { randomUUID } from "node:crypto";
import { DIRECTORY_ROLES } from "../../wire/entra/directory-roles.ts";
import { GRAPH_APP_ROLES } from "../../wire/entra/first-party.ts";
import { BUILT_IN_ROLES } from "../../wire/rbac/built-in-roles.ts";
import { generateSecret } from "../directory/client-secret.ts";
import type { FirstCredentials } from "./default-seed.ts";
import type {
  AccountSeed,
  RoleAssignmentSeed,
  Seed,
  StorageAccountSeed,
  SubscriptionSeed,
  TenantSeed,
} from "./seed.ts";

/** Its message is one line for the user. */
export class SeedError extends Error {}

/** Resource Manager takes no other name of a subscription. */
const GUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

type Json = Record<string, unknown>;

export function parseSeedFile(
  text: string,
  now: number,
): { readonly seed: Seed; readonly credentials: { [Name in keyof FirstCredentials]: string | null } } {
  const file = object(parseJson(text), "seed", [
    "tenants",
    "subscriptions",
    "accounts",
    "storageAccounts",
    "roleAssignments",
  ]);
  const principals = new Map<
    string,
    Pick<RoleAssignmentSeed, "tenantId" | "principalId" | "principalType">
  >();
  let first: { clientId: string; clientSecret: string } | undefined;
  let firstUser: { username: string; password: string } | undefined;

  const tenants = list(file, "tenants", "seed").map((value, t): TenantSeed => {
    const at = `tenants[${t}]`;
    const tenant = object(value, at, ["tenantId", "displayName", "domains", "applications", "users"]);
    const tenantId = string(tenant, "tenantId", at).toLowerCase();
    const [domain, ...domains] = list(tenant, "domains", at).map((name, d) =>
      textAt(name, `${at}.domains[${d}]`),
    );
    if (domain === undefined) throw new SeedError(`${at}.domains needs at least one domain`);
    const applications = list(tenant, "applications", at).map((item, a) => {
      const path = `${at}.applications[${a}]`;
      const names = ["clientId", "displayName", "clientSecret", "expiresInDays", "graphAppRoles"];
      const application = object(item, path, names);
      const appId = string(application, "clientId", path).toLowerCase();
      const secret = optional(application, "clientSecret", path) ?? generateSecret();
      const days = application.expiresInDays;
      if (days !== undefined && typeof days !== "number")
        throw new SeedError(`${path}.expiresInDays must be a number`);
      const servicePrincipalId = randomUUID();
      principals.set(appId, { tenantId, principalId: servicePrincipalId, principalType: "ServicePrincipal" });
      first ??= { clientId: appId, clientSecret: secret };
      const graphAppRoles = list(application, "graphAppRoles", path).map((value, g) => {
        const at = `${path}.graphAppRoles[${g}]`;
        const role = textAt(value, at);
        if (!GRAPH_APP_ROLES.includes(role)) throw new SeedError(`${at} '${role}' is no app role of Graph`);
        return role;
      });
      return {
        appId,
        graphAppRoles,
        displayName: optional(application, "displayName", path) ?? appId,
        objectId: randomUUID(),
        servicePrincipalId,
        secrets: [
          { keyId: randomUUID(), secret, ...(days === undefined ? {} : { endAt: now + days * 86_400_000 }) },
        ],
      };
    });
    const users = list(tenant, "users", at).map((item, u) => {
      const path = `${at}.users[${u}]`;
      const user = object(item, path, ["userPrincipalName", "displayName", "password", "directoryRoles"]);
      const userPrincipalName = string(user, "userPrincipalName", path).toLowerCase();
      const password = string(user, "password", path);
      const objectId = randomUUID();
      principals.set(userPrincipalName, { tenantId, principalId: objectId, principalType: "User" });
      firstUser ??= { username: userPrincipalName, password };
      const directoryRoles = list(user, "directoryRoles", path).map((value, d) => {
        const at = `${path}.directoryRoles[${d}]`;
        const role = textAt(value, at);
        const known = DIRECTORY_ROLES.find(({ displayName }) => displayName === role);
        if (!known) throw new SeedError(`${at} '${role}' is no directory role`);
        return known.templateId;
      });
      return {
        objectId,
        userPrincipalName,
        displayName: optional(user, "displayName", path) ?? userPrincipalName,
        password,
        directoryRoles,
      };
    });
    return {
      tenantId,
      displayName: optional(tenant, "displayName", at) ?? domain,
      domains: [domain, ...domains],
      applications,
      users,
    };
  });

  const subscriptions = list(file, "subscriptions", "seed").map((value, s): SubscriptionSeed => {
    const at = `subscriptions[${s}]`;
    const subscription = object(value, at, ["subscriptionId", "tenantId", "displayName"]);
    const subscriptionId = string(subscription, "subscriptionId", at).toLowerCase();
    if (!GUID.test(subscriptionId)) throw new SeedError(`${at}.subscriptionId must be a GUID`);
    const tenantId = string(subscription, "tenantId", at).toLowerCase();
    if (!tenants.some((tenant) => tenant.tenantId === tenantId))
      throw new SeedError(`${at}.tenantId names no tenant of the file`);
    return {
      subscriptionId,
      tenantId,
      displayName: optional(subscription, "displayName", at) ?? subscriptionId,
    };
  });

  const place = (account: Json, at: string): StorageAccountSeed => {
    const name = string(account, "name", at);
    if (!/^[a-z0-9]{3,24}$/.test(name))
      throw new SeedError(`${at}.name must be 3 to 24 lower-case letters and digits`);
    const subscriptionId = string(account, "subscriptionId", at).toLowerCase();
    if (!subscriptions.some((known) => known.subscriptionId === subscriptionId)) {
      throw new SeedError(`${at}.subscriptionId names no subscription of the file`);
    }
    const resourceGroup = string(account, "resourceGroup", at);
    return { name, subscriptionId, resourceGroup, location: string(account, "location", at) };
  };
  const accounts = list(file, "accounts", "seed").map((value, a): AccountSeed => {
    const at = `accounts[${a}]`;
    const names = ["name", "subscriptionId", "resourceGroup", "location", "primaryKey", "secondaryKey"];
    const account = object(value, at, names);
    return {
      ...place(account, at),
      ...accountKey(account, "primaryKey", at),
      ...accountKey(account, "secondaryKey", at),
    };
  });
  if (accounts.length === 0) throw new SeedError("seed.accounts needs at least one account");

  const storageAccounts = list(file, "storageAccounts", "seed").map((value, a) => {
    const at = `storageAccounts[${a}]`;
    return place(object(value, at, ["name", "subscriptionId", "resourceGroup", "location"]), at);
  });

  const roleAssignments = list(file, "roleAssignments", "seed").map((value, r): RoleAssignmentSeed => {
    const at = `roleAssignments[${r}]`;
    const assignment = object(value, at, ["principal", "role", "scope"]);
    const principal = principals.get(string(assignment, "principal", at).toLowerCase());
    if (!principal)
      throw new SeedError(`${at}.principal names no application (clientId) or user of the file`);
    const name = string(assignment, "role", at);
    const role = BUILT_IN_ROLES.find((known) => known.name === name.toLowerCase() || known.roleName === name);
    if (!role) throw new SeedError(`${at}.role '${name}' is no built-in role`);
    const scope = string(assignment, "scope", at);
    if (!scope.startsWith("/subscriptions/"))
      throw new SeedError(`${at}.scope must begin with /subscriptions/`);
    return { ...principal, roleDefinitionId: role.name, scope };
  });

  return {
    seed: { tenants, subscriptions, accounts, storageAccounts, roleAssignments },
    credentials: {
      clientId: first?.clientId ?? null,
      clientSecret: first?.clientSecret ?? null,
      username: firstUser?.username ?? null,
      password: firstUser?.password ?? null,
    },
  };
}

function accountKey(account: Json, name: "primaryKey" | "secondaryKey", at: string): Json {
  const key = optional(account, name, at);
  if (key === undefined) return {};
  if (Buffer.from(key, "base64").length !== 64)
    throw new SeedError(`${at}.${name} must be base64 of 64 bytes`);
  return { [name]: key };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SeedError(`the seed file is not JSON: ${(error as Error).message}`);
  }
}

function object(value: unknown, at: string, names: readonly string[]): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new SeedError(`${at} must be an object`);
  for (const name of Object.keys(value)) {
    if (!names.includes(name)) throw new SeedError(`${at} has no '${name}'; it takes ${names.join(", ")}`);
  }
  return value as Json;
}

function list(owner: Json, name: string, at: string): readonly unknown[] {
  const value = owner[name] ?? [];
  if (!Array.isArray(value)) throw new SeedError(`${at}.${name} must be a list`);
  return value;
}

function string(owner: Json, name: string, at: string): string {
  return textAt(owner[name], `${at}.${name}`);
}

function optional(owner: Json, name: string, at: string): string | undefined {
  return owner[name] === undefined ? undefined : string(owner, name, at);
}

function textAt(value: unknown, at: string): string {
  if (typeof value !== "string" || value === "")
    throw new SeedError(`${at} must be a text that is not empty`);
  return value;
}
