/**
 * The directory as sign-in asks for it: tenants by any of their names, applications as a tenant knows them. Both are kept in
 * memory, for a token must not cost a query, and forgotten whenever the directory changes: every change goes through `change`.
 */
import { settingGet } from "../../store/accounts.ts";
import type { Connection } from "../../store/connection.ts";
import { applicationSecrets, clientInTenant, tenantByDomain, tenantById } from "../../store/directory.ts";
import type { Store } from "../../store/store.ts";

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
  readonly secrets: readonly ClientSecret[];
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

const MAX_REMEMBERED = 20_000;

export class Directory {
  readonly #store: Store;
  readonly #tenants = new Map<string, Tenant>();
  readonly #clients = new Map<string, Client>();
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

  /** The last committed state, for questions that are not asked often enough to be remembered. */
  get read(): Connection {
    return this.#store.read;
  }

  /** Writes, and forgets once the change is durable. */
  async change<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    try {
      return await this.#store.write(work);
    } finally {
      this.#changes++;
      this.#tenants.clear();
      this.#clients.clear();
    }
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
  if (principal === undefined) return undefined;
  const secrets = await applicationSecrets.all(connection, { app_id: appId });
  return {
    tenantId,
    appId,
    objectId: principal.object_id,
    displayName: principal.display_name,
    enabled: principal.enabled === 1,
    secrets: secrets.map((secret) => ({
      keyId: secret.key_id,
      hash: Buffer.from(secret.hash, "hex"),
      startAt: secret.start_at,
      endAt: secret.end_at ?? Number.POSITIVE_INFINITY,
    })),
  };
}
