/**
 * The directory as sign-in asks for it: tenants by any of their names, applications as a tenant knows them. Both are kept in
 * memory, for a token must not cost a query, and forgotten whenever the directory changes: every change goes through `change`.
 */
import { settingGet } from "../../store/accounts.ts";
import {
  applicationByAppId,
  applicationByIdentifierUri,
  applicationCertificates,
  applicationSecrets,
  clientInTenant,
  federatedCredentials,
  type ServicePrincipalRow,
} from "../../store/applications.ts";
import { appRoleAssignmentsOfPrincipal } from "../../store/consents.ts";
import { tenantByDomain, tenantById } from "../../store/directory.ts";
import type { Connection } from "../../store/engine/connection.ts";
import type { Store } from "../../store/engine/store.ts";
import { groupsOfMember } from "../../store/users.ts";
import { firstPartyApplication } from "../../wire/entra/first-party.ts";
import { EMPTY_REGISTRATION, type Registration, type SignInAudience } from "../../wire/entra/registration.ts";
import { azureResourceAppId } from "../../wire/entra/resources.ts";

export interface Tenant {
  readonly id: string;
  readonly displayName: string;
  readonly defaultDomain: string;
}

/** An application that may act in a tenant, through its service principal there. */
export interface Client {
  readonly tenantId: string;
  readonly appId: string;
  /** The service principal's: whom roles are assigned to. */
  readonly objectId: string;
  readonly displayName: string;
  readonly enabled: boolean;
  /** Only who holds one of its app roles may sign in to it. */
  readonly assignmentRequired: boolean;
  /** The tenant in which it is registered; undefined for Azure's own. */
  readonly homeTenantId: string | undefined;
  readonly signInAudience: SignInAudience;
  readonly registration: Registration;
  readonly secrets: readonly ClientSecret[];
  readonly certificates: readonly ClientCertificate[];
  readonly federatedCredentials: readonly FederatedCredential[];
}

export interface ClientCertificate {
  readonly keyId: string;
  /** DER, base64. */
  readonly certificate: string;
  readonly thumbprintSha1: string;
  readonly thumbprintSha256: string;
  readonly startAt: number;
  readonly endAt: number;
}

export interface FederatedCredential {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

export interface ClientSecret {
  readonly keyId: string;
  /** SHA-256 of the secret. */
  readonly hash: Buffer;
  /** Epoch milliseconds. */
  readonly startAt: number;
  /** Infinity when it never ends. */
  readonly endAt: number;
}

/** Names that stand for no tenant of their own; here they lead to the default one. */
const DEFAULT_TENANT_NAMES: ReadonlySet<string> = new Set(["common", "organizations", "consumers", "adfs"]);
/** The setting that names the default tenant. */
export const DEFAULT_TENANT_SETTING = "directory.defaultTenantId";

/** Of version 1, and of version 2, which tokens that are exchanged for others' have. */
const OWN_ISSUER =
  /^https:\/\/(?:sts\.windows\.net\/([0-9a-f-]{36})\/|login\.microsoftonline\.com\/([0-9a-f-]{36})\/v2\.0)$/;

const NO_ROLES: readonly string[] = [];

const MAX_REMEMBERED = 20_000;

export class Directory {
  readonly #store: Store;
  readonly #tenants = new Map<string, Tenant>();
  readonly #clients = new Map<string, Client>();
  readonly #appRoles = new Map<string, readonly string[]>();
  readonly #principalIds = new Map<string, readonly string[]>();
  readonly #onChange: (() => void)[] = [];
  /** Counts changes, so that what was read before one is not remembered after it. */
  #changes = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** @param name id, verified domain, `common`, `organizations`, `consumers` or `adfs`, in any case */
  async tenant(name: string): Promise<Tenant | undefined> {
    return this.#tenants.get(name) ?? (await this.#load(this.#tenants, name, (c) => readTenant(c, name)));
  }

  /** @param appId as the client sent it */
  async client(tenantId: string, appId: string): Promise<Client | undefined> {
    const key = `${tenantId}/${appId}`;
    return (
      this.#clients.get(key) ??
      (await this.#load(this.#clients, key, (c) => readClient(c, tenantId, appId.toLowerCase())))
    );
  }

  /**
   * The application that serves a resource, as the tenant knows it.
   * @param name a resource's name of Azure's own, an application id, or an identifier URI, a slash at its end aside
   */
  async resource(tenantId: string, name: string): Promise<Client | undefined> {
    const appId = azureResourceAppId(name);
    if (appId !== undefined) return this.client(tenantId, appId);
    const lower = name.toLowerCase();
    const key = lower.endsWith("/") ? lower.slice(0, -1) : lower;
    const byUri = await applicationByIdentifierUri.first(this.read, { uri: key });
    return this.client(tenantId, byUri?.app_id ?? key.replace(/^api:\/\//, ""));
  }

  /**
   * An application as a tenant sees it that it has not come to yet: registered here or, for several tenants, elsewhere. It has no
   * service principal there, which an empty object id says; the first consent makes one.
   */
  async visitor(tenantId: string, appId: string): Promise<Client | undefined> {
    const row = await applicationByAppId.first(this.read, { app_id: appId.toLowerCase() });
    if (row === undefined) return undefined;
    const { app_id, display_name } = row;
    const none = { object_id: "", display_name, enabled: 1, assignment_required: 0 };
    return readRegistered(this.read, tenantId, app_id, none);
  }

  /** The tenant in which an application is registered; undefined for Azure's own and for none. */
  async homeTenantId(appId: string): Promise<string | undefined> {
    return (await applicationByAppId.first(this.read, { app_id: appId.toLowerCase() }))?.tenant_id;
  }

  /** The values of the resource's app roles that the principal holds, itself or through a group. */
  async appRoles(principalId: string, resource: Client): Promise<readonly string[]> {
    if (resource.registration.appRoles.length === 0) return NO_ROLES;
    const key = `${principalId}/${resource.objectId}`;
    const load = (c: Connection) => this.#readAppRoles(c, principalId, resource);
    return this.#appRoles.get(key) ?? (await this.#load(this.#appRoles, key, load)) ?? NO_ROLES;
  }

  /** Whether the principal, itself or through a group, was given any role of the resource, or just access to it. */
  async isAssigned(principalId: string, resource: Client): Promise<boolean> {
    for (const id of await this.principalIds(principalId)) {
      const held = await appRoleAssignmentsOfPrincipal.all(this.read, { principal_id: id });
      if (held.some(({ resource_id }) => resource_id === resource.objectId)) return true;
    }
    return false;
  }

  async #readAppRoles(c: Connection, principalId: string, resource: Client): Promise<readonly string[]> {
    const held = new Set<string>();
    for (const id of await this.principalIds(principalId))
      for (const row of await appRoleAssignmentsOfPrincipal.all(c, { principal_id: id }))
        if (row.resource_id === resource.objectId) held.add(row.app_role_id);
    return resource.registration.appRoles.flatMap(({ id, value }) => (value && held.has(id) ? [value] : []));
  }

  /** The tenant whose tokens have this issuer and are signed with our keys. */
  async ownIssuer(issuer: string): Promise<Tenant | undefined> {
    const tenant = OWN_ISSUER.exec(issuer)
      ?.slice(1)
      .find((id) => id !== undefined);
    return tenant === undefined ? undefined : this.tenant(tenant);
  }

  /** The principal's own object id, and those of all groups it is in, however deep. */
  async principalIds(objectId: string): Promise<readonly string[]> {
    return (
      this.#principalIds.get(objectId) ??
      (await this.#load(this.#principalIds, objectId, (c) => readPrincipalIds(c, objectId))) ?? [objectId]
    );
  }

  /** The last committed state, for questions that are not asked often enough to be remembered. */
  get read(): Connection {
    return this.#store.read;
  }

  /** Writes what the remembered does not depend on: codes, tokens, sessions. */
  record<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    return this.#store.write(work);
  }

  /** As `change`, for what can be added later. @throws Fault InsufficientStorage (507) on a disk without room */
  grow<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    return this.#changed(this.#store.grow(work));
  }

  /** Writes, and forgets once the change is durable. */
  change<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    return this.#changed(this.#store.write(work));
  }

  async #changed<T>(written: Promise<T>): Promise<T> {
    try {
      return await written;
    } finally {
      this.forget();
      for (const listener of this.#onChange) listener();
    }
  }

  /** For a change that was not made by `change`: management makes and deletes identities' service principals. */
  forget(): void {
    this.#changes++;
    this.#tenants.clear();
    this.#clients.clear();
    this.#principalIds.clear();
    this.#appRoles.clear();
  }

  /** Called after each change. */
  whenChanged(listener: () => void): void {
    this.#onChange.push(listener);
  }

  async #load<T>(
    remembered: Map<string, T>,
    key: string,
    read: (connection: Connection) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const changes = this.#changes;
    const value = await read(this.#store.read);
    // What is not there is not remembered: strangers choose the names.
    if (value === undefined || changes !== this.#changes) return value;
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(key, value);
    return value;
  }
}

async function readTenant(connection: Connection, name: string): Promise<Tenant | undefined> {
  const lower = name.toLowerCase();
  const id = DEFAULT_TENANT_NAMES.has(lower)
    ? (await settingGet.first(connection, { name: DEFAULT_TENANT_SETTING }))?.value
    : lower;
  if (id === undefined) return undefined;
  const tenant =
    (await tenantById.first(connection, { id })) ?? (await tenantByDomain.first(connection, { domain: id }));
  return tenant && { id: tenant.id, displayName: tenant.display_name, defaultDomain: tenant.default_domain };
}

async function readClient(
  connection: Connection,
  tenantId: string,
  appId: string,
): Promise<Client | undefined> {
  const principal = await clientInTenant.first(connection, { tenant_id: tenantId, app_id: appId });
  return principal && readRegistered(connection, tenantId, appId, principal);
}

async function readRegistered(
  connection: Connection,
  tenantId: string,
  appId: string,
  principal: Pick<ServicePrincipalRow, "object_id" | "display_name" | "enabled" | "assignment_required">,
): Promise<Client | undefined> {
  const application = await readApplication(connection, tenantId, appId);
  if (application === undefined) return undefined;
  const [secrets, certificates, federated] = await Promise.all([
    applicationSecrets.all(connection, { app_id: appId }),
    applicationCertificates.all(connection, { app_id: appId }),
    federatedCredentials.all(connection, { app_id: appId }),
  ]);
  return {
    tenantId,
    appId,
    objectId: principal.object_id,
    displayName: principal.display_name,
    enabled: principal.enabled === 1,
    assignmentRequired: principal.assignment_required === 1,
    ...application,
    secrets: secrets.map((secret) => ({
      keyId: secret.key_id,
      hash: Buffer.from(secret.hash, "hex"),
      startAt: secret.start_at,
      endAt: secret.end_at ?? Number.POSITIVE_INFINITY,
    })),
    certificates: certificates.map((row) => ({
      keyId: row.key_id,
      certificate: row.certificate,
      thumbprintSha1: row.thumbprint_sha1,
      thumbprintSha256: row.thumbprint_sha256,
      startAt: row.start_at,
      endAt: row.end_at,
    })),
    federatedCredentials: federated.map(({ issuer, subject, audience }) => ({ issuer, subject, audience })),
  };
}

/** What the application's own registration says; undefined when it is gone, or is not for this tenant. */
async function readApplication(
  connection: Connection,
  tenantId: string,
  appId: string,
): Promise<Pick<Client, "homeTenantId" | "signInAudience" | "registration"> | undefined> {
  const known = firstPartyApplication(appId);
  if (known !== undefined) {
    const { registration } = known;
    return { homeTenantId: undefined, signInAudience: "AzureADMultipleOrgs", registration };
  }
  const application = await applicationByAppId.first(connection, { app_id: appId });
  if (application === undefined) return undefined;
  const signInAudience = application.sign_in_audience as SignInAudience;
  if (signInAudience === "AzureADMyOrg" && application.tenant_id !== tenantId) return undefined;
  const registration = parseRegistration(application.registration);
  return { homeTenantId: application.tenant_id, signInAudience, registration };
}

/** What was stored by an older program lacks what has been added since. */
export function parseRegistration(json: string): Registration {
  return { ...EMPTY_REGISTRATION, ...(JSON.parse(json) as Partial<Registration>) };
}

async function readPrincipalIds(connection: Connection, objectId: string): Promise<readonly string[]> {
  const found = new Set([objectId]);
  // The set grows while it is walked: groups in groups, and a circle ends by itself.
  for (const member of found) {
    const groups = await groupsOfMember.all(connection, { member_id: member });
    for (const { group_id } of groups) found.add(group_id);
  }
  return [...found];
}
