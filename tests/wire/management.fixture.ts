/**
 * Token service, management and Graph on one TLS port, with two tenants: enough for everything that management answers
 * without running a task.
 */
import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Access } from "../../src/app/access/access.ts";
import { AccessJournal } from "../../src/app/access/access-journal.ts";
import { AuditLog } from "../../src/app/access/audit-log.ts";
import { Denials } from "../../src/app/access/denials.ts";
import { Recordings } from "../../src/app/access/recordings.ts";
import { HostedAccounts } from "../../src/app/accounts/hosted-accounts.ts";
import { accessTokenVerifier } from "../../src/app/directory/access-token-verify.ts";
import { generateSecret } from "../../src/app/directory/client-secret.ts";
import { Directory } from "../../src/app/directory/directory.ts";
import { openSigningKeys } from "../../src/app/directory/signing-keys.ts";
import { openSealing } from "../../src/app/secrets/sealing.ts";
import type { RoleAssignmentSeed, Seed, TenantSeed } from "../../src/app/seed/seed.ts";
import { seedApply } from "../../src/app/seed/seed-apply.ts";
import { Storage } from "../../src/app/storage/storage.ts";
import { VersionRecordings } from "../../src/app/versions/version-recordings.ts";
import { VersionDoor } from "../../src/core/version/version-door.ts";
import { openCertificateAuthority } from "../../src/http/certificate-authority.ts";
import { dispatchByPath, notFound } from "../../src/http/dispatch.ts";
import { hostAllowList } from "../../src/http/host-allow-list.ts";
import { serverCertificates } from "../../src/http/leaf.ts";
import { type Listener, listen } from "../../src/http/listener.ts";
import { requestListener } from "../../src/http/request-listener.ts";
import { armPlane } from "../../src/planes/arm/arm-plane.ts";
import { entraPlane } from "../../src/planes/entra/entra-plane.ts";
import { graphPlane } from "../../src/planes/graph/graph-plane.ts";
import { openSqliteStore } from "../../src/store/engine/sqlite-store.ts";
import { ACCOUNTS_PER_LOCATION_MAX } from "../../src/wire/arm/limits.ts";
import { OWNER } from "../../src/wire/rbac/built-in-roles.ts";
import { entraServices } from "./entra-services.fixture.ts";
import { removeSearched } from "./leak-search.fixture.ts";
import { postForm } from "./raw-request.fixture.ts";
import { watchRequests } from "./seen-secrets.fixture.ts";

export interface Application {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly objectId: string;
}

export interface Management {
  readonly main: Listener;
  readonly ca: string;
  readonly log: readonly string[];
  /** The lines of the audit log so far. */
  audit(): Promise<string>;
  /** Everything in the data folder's files, byte by byte. */
  stored(): string;
  /** Moves the service's clock. */
  advance(milliseconds: number): void;
  close(): Promise<void>;
}

export function application(tenantId: string): Application {
  return { tenantId, clientId: randomUUID(), clientSecret: generateSecret(), objectId: randomUUID() };
}

export function tenant(tenantId: string, applications: readonly Application[]): TenantSeed {
  return {
    tenantId,
    displayName: `Tenant ${tenantId.slice(0, 4)}`,
    domains: [`${tenantId.slice(0, 8)}.example`],
    applications: applications.map(({ clientId, clientSecret, objectId }) => ({
      appId: clientId,
      displayName: "An application",
      objectId: randomUUID(),
      servicePrincipalId: objectId,
      secrets: [{ keyId: randomUUID(), secret: clientSecret }],
    })),
    users: [],
  };
}

/** What makes an application the owner of everything in its tenant. */
export function ownership({ tenantId, objectId }: Application): RoleAssignmentSeed {
  return {
    tenantId,
    principalId: objectId,
    principalType: "ServicePrincipal",
    roleDefinitionId: OWNER.name,
    scope: "/",
  };
}

/** An access token of the application itself. */
export async function tokenOf(
  management: Management,
  { tenantId, clientId, clientSecret }: Application,
  resource = "https://management.azure.com/",
): Promise<string> {
  const reply = await postForm(management, `/${tenantId}/oauth2/token`, {
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
    resource,
  });
  if (reply.status !== 200) throw new Error(`no token: ${reply.text}`);
  return reply.json.access_token;
}

export async function openManagement(
  seed: Seed,
  accountPort: (key: number) => number | undefined,
): Promise<Management> {
  watchRequests();
  const folder = mkdtempSync(join(tmpdir(), "management-"));
  let now = Date.now();
  const clock = () => now;
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  const store = await openSqliteStore(join(folder, "state.db"));
  const sealing = openSealing(join(folder, "seal.key"));
  const directory = new Directory(store);
  await seedApply(directory, sealing, seed, now);
  const accounts = await HostedAccounts.read(store, sealing);
  const keys = await openSigningKeys(store, sealing, clock);
  const tokens = accessTokenVerifier(keys, clock);
  const journal = new AccessJournal({
    denials: new Denials(store, clock, log),
    audit: new AuditLog(join(folder, "audit"), log),
    recordings: new Recordings(clock),
  });
  const access = new Access(store, directory);
  const hosts = hostAllowList();
  const isOwnAuthority = (host: string) => host === `localhost:${main.port}`;
  const handler = dispatchByPath({
    entra: entraPlane(
      entraServices({
        directory,
        keys,
        clock,
        audit: (entry) => journal.audit.append(entry),
        isOwnUrl: (url) => isOwnAuthority(/^https:\/\/([^/]+)\/?$/.exec(url)?.[1] ?? ""),
        isOwnAuthority,
      }),
    ),
    arm: armPlane({
      store,
      access,
      journal,
      tokens,
      sealing,
      accounts,
      storage: await Storage.read(store, sealing),
      refusesIdentities: false,
      accountsPerLocation: ACCOUNTS_PER_LOCATION_MAX,
      nudge: {
        placement: () => {},
        nodes: () => {},
        jobs: () => {},
        schedules: () => {},
        autoscale: () => {},
      },
      versions: new VersionDoor(false, log),
      versionRecordings: new VersionRecordings(clock),
      accountPort,
      clock,
      log,
    }),
    graph: graphPlane({ directory, access, journal, tokens, clock, log }),
    batch: notFound,
  });
  const authority = openCertificateAuthority(folder, now);
  const main = await listen({
    port: 0,
    certificates: serverCertificates(authority, hosts, clock),
    onRequest: requestListener({ scheme: "https", handler, hosts, log }),
  });
  return {
    main,
    ca: readFileSync(authority.caFile, "utf8"),
    log: lines,
    stored: () =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
        .join("\n"),
    audit: async () => {
      await journal.audit.close();
      return readFileSync(join(folder, "audit", "audit.jsonl"), "utf8");
    },
    advance: (milliseconds) => {
      now += milliseconds;
    },
    close: async () => {
      await main.close();
      await journal.close();
      await store.close();
      await removeSearched(folder, lines);
    },
  };
}
