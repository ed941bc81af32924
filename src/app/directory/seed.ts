/**
 * Fills the directory with what a first start or a seed file declares. Applying the same declaration again changes nothing:
 * what exists stays as it is.
 */

import { settingGet, settingPut } from "../../store/accounts.ts";
import type { Connection } from "../../store/connection.ts";
import {
  applicationInsert,
  applicationSecretInsert,
  applicationSecrets,
  servicePrincipalInsert,
  tenantDomainInsert,
  tenantInsert,
  userByPrincipalName,
  userInsert,
} from "../../store/directory.ts";
import { secretRow } from "./client-secret.ts";
import { DEFAULT_TENANT_SETTING, type Directory } from "./directory.ts";
import { hashPassword } from "./password-hash.ts";

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
  readonly secrets?: readonly SecretSeed[];
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
    for (const application of seed.applications ?? []) await seedApplication(c, tenantId, application, now);
    for (const user of users) if (user) await userInsert.run(c, { ...user, tenant_id: tenantId });
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
  await applicationInsert.run(c, {
    app_id: appId,
    object_id: application.objectId.toLowerCase(),
    tenant_id: tenantId,
    display_name: displayName,
    sign_in_audience: "AzureADMyOrg",
  });
  await servicePrincipalInsert.run(c, {
    object_id: application.servicePrincipalId.toLowerCase(),
    tenant_id: tenantId,
    app_id: appId,
    display_name: displayName,
    enabled: 1,
  });
  const existing = await applicationSecrets.all(c, { app_id: appId });
  for (const { keyId, secret, displayName: name = null, endAt = null } of application.secrets ?? []) {
    const row = secretRow(appId, { keyId, secret, displayName: name, startAt: now, endAt });
    if (!existing.some(({ hash }) => hash === row.hash)) await applicationSecretInsert.run(c, row);
  }
}

/** @returns undefined when there is such a user already: hashing is slow on purpose */
async function hashed(directory: Directory, user: UserSeed) {
  const principalName = user.userPrincipalName.toLowerCase();
  if (await userByPrincipalName.first(directory.read, { user_principal_name: principalName }))
    return undefined;
  return {
    object_id: user.objectId.toLowerCase(),
    user_principal_name: principalName,
    display_name: user.displayName,
    password: await hashPassword(user.password),
    enabled: 1,
  };
}
