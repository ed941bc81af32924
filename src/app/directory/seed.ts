/**
 * Fills the directory with what a first start or a seed file declares. Applying the same declaration again changes nothing:
 * what exists stays as it is.
 */
import { randomUUID } from "node:crypto";
import { settingGet, settingPut } from "../../store/accounts.ts";
import {
  applicationInsert,
  applicationSecretInsert,
  applicationSecrets,
  clientInTenant,
  servicePrincipalRowInsert,
} from "../../store/applications.ts";
import {
  appRoleAssignmentInsert,
  appRoleAssignmentsOfPrincipal,
  directoryRoleMemberInsert,
} from "../../store/consents.ts";
import { tenantDomainInsert, tenantInsert } from "../../store/directory.ts";
import type { Connection } from "../../store/engine/connection.ts";
import { userByPrincipalName, userInsert } from "../../store/users.ts";
import { GRAPH_APP_ID, graphAppRoleId } from "../../wire/entra/first-party.ts";
import { EMPTY_REGISTRATION, type Registration, type SignInAudience } from "../../wire/entra/registration.ts";
import { hashPassword } from "../secrets/password-hash.ts";
import { USER_READ } from "./application.ts";
import { secretRow } from "./client-secret.ts";
import { DEFAULT_TENANT_SETTING, type Directory } from "./directory.ts";
import { userReadGrant } from "./service-principal.ts";
import { firstPartyPrincipalsInsert } from "./tenant.ts";

export interface DirectorySeed {
  readonly tenantId: string;
  readonly displayName: string;
  /** The first is the default one. */
  readonly domains: readonly [string, ...string[]];
  readonly applications?: readonly ApplicationSeed[];
  readonly users?: readonly UserSeed[];
}

export interface ApplicationSeed {
  readonly appId: string;
  readonly displayName: string;
  /** The application object's id. */
  readonly objectId: string;
  /** The service principal's, unless the application has one already. */
  readonly servicePrincipalId: string;
  readonly signInAudience?: SignInAudience;
  readonly registration?: Partial<Registration>;
  readonly secrets?: readonly SecretSeed[];
  /** Values of Microsoft Graph's app roles that its service principal holds: what it may do in the directory by itself. */
  readonly graphAppRoles?: readonly string[];
}

export interface SecretSeed {
  readonly keyId: string;
  readonly secret: string;
  readonly displayName?: string;
  /** Epoch milliseconds; absent means that it never ends. */
  readonly endAt?: number;
}

export interface UserSeed {
  readonly objectId: string;
  readonly userPrincipalName: string;
  readonly displayName: string;
  readonly password: string;
  /** Template ids. */
  readonly directoryRoles?: readonly string[];
}

export async function seedDirectory(directory: Directory, seed: DirectorySeed, now: number): Promise<void> {
  await directory.change(await preparedSeed(directory, seed, now));
}

/**
 * Does beforehand what a transaction must not wait for. The first tenant ever seeded becomes the one that `adfs`, `common`
 * and `organizations` stand for.
 * @returns what writes the seed, inside the caller's transaction
 */
export async function preparedSeed(
  directory: Directory,
  seed: DirectorySeed,
  now: number,
): Promise<(c: Connection) => Promise<void>> {
  const users = await Promise.all((seed.users ?? []).map((user) => hashed(directory, user)));
  const tenantId = seed.tenantId.toLowerCase();
  return async (c) => {
    const [defaultDomain] = seed.domains;
    await tenantInsert.run(c, {
      id: tenantId,
      display_name: seed.displayName,
      default_domain: defaultDomain,
    });
    for (const domain of seed.domains) {
      await tenantDomainInsert.run(c, { domain: domain.toLowerCase(), tenant_id: tenantId });
    }
    if (!(await settingGet.first(c, { name: DEFAULT_TENANT_SETTING }))) {
      await settingPut.run(c, { name: DEFAULT_TENANT_SETTING, value: tenantId });
    }
    await firstPartyPrincipalsInsert(c, tenantId, now);
    for (const application of seed.applications ?? []) await seedApplication(c, tenantId, application, now);
    for (const user of users) if (user) await seedUser(c, tenantId, user, now);
  };
}

async function seedApplication(
  c: Connection,
  tenantId: string,
  application: ApplicationSeed,
  now: number,
): Promise<void> {
  const appId = application.appId.toLowerCase();
  const displayName = application.displayName;
  const registration = JSON.stringify({
    ...EMPTY_REGISTRATION,
    requiredResourceAccess: [USER_READ],
    ...application.registration,
  });
  await applicationInsert.run(c, {
    app_id: appId,
    object_id: application.objectId.toLowerCase(),
    tenant_id: tenantId,
    display_name: displayName,
    sign_in_audience: application.signInAudience ?? "AzureADMyOrg",
    registration,
    created_at: now,
  });
  if (!(await clientInTenant.first(c, { tenant_id: tenantId, app_id: appId }))) {
    const principal = { object_id: application.servicePrincipalId.toLowerCase(), tenant_id: tenantId };
    const names = { app_id: appId, display_name: displayName };
    await servicePrincipalRowInsert.run(c, {
      ...principal,
      ...names,
      enabled: 1,
      created_at: now,
      assignment_required: 0,
    });
    await userReadGrant(c, principal, registration, now);
  }
  await seedGraphAppRoles(c, tenantId, appId, application.graphAppRoles ?? [], now);
  const existing = await applicationSecrets.all(c, { app_id: appId });
  for (const { keyId, secret, displayName: name = null, endAt = null } of application.secrets ?? []) {
    const row = secretRow(appId, { keyId, secret, displayName: name, startAt: now, endAt });
    if (!existing.some(({ hash }) => hash === row.hash)) await applicationSecretInsert.run(c, row);
  }
}

async function seedGraphAppRoles(
  c: Connection,
  tenantId: string,
  appId: string,
  values: readonly string[],
  now: number,
): Promise<void> {
  const principal = await clientInTenant.first(c, { tenant_id: tenantId, app_id: appId });
  const graph = await clientInTenant.first(c, { tenant_id: tenantId, app_id: GRAPH_APP_ID });
  if (principal === undefined || graph === undefined) return;
  const held = await appRoleAssignmentsOfPrincipal.all(c, { principal_id: principal.object_id });
  for (const app_role_id of values.map(graphAppRoleId)) {
    if (held.some((each) => each.app_role_id === app_role_id)) continue;
    await appRoleAssignmentInsert.run(c, {
      id: randomUUID(),
      tenant_id: tenantId,
      principal_id: principal.object_id,
      principal_type: "ServicePrincipal",
      resource_id: graph.object_id,
      app_role_id,
      created_at: now,
    });
  }
}

type HashedUser = Omit<UserSeed, "password"> & { readonly passwordHash: string };

async function seedUser(c: Connection, tenantId: string, user: HashedUser, now: number): Promise<void> {
  const objectId = user.objectId.toLowerCase();
  await userInsert.run(c, {
    object_id: objectId,
    tenant_id: tenantId,
    user_principal_name: user.userPrincipalName.toLowerCase(),
    display_name: user.displayName,
    password: user.passwordHash,
    enabled: 1,
    created_at: now,
    profile: "{}",
    failed_sign_ins: 0,
    locked_until: 0,
    sessions_valid_from: 0,
  });
  for (const role of user.directoryRoles ?? []) {
    const member = { principal_id: objectId, principal_type: "User" };
    await directoryRoleMemberInsert.run(c, { tenant_id: tenantId, role_template_id: role, ...member });
  }
}

/** @returns undefined when there is such a user already: hashing is slow on purpose */
async function hashed(directory: Directory, user: UserSeed): Promise<HashedUser | undefined> {
  const name = { user_principal_name: user.userPrincipalName.toLowerCase() };
  if (await userByPrincipalName.first(directory.read, name)) return undefined;
  const { password, ...rest } = user;
  return { ...rest, passwordHash: await hashPassword(password) };
}
