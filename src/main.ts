/**
 * The composition root: the only file that knows every concrete thing. It opens the store, builds planes, loops, drivers and
 * listeners, and takes them down again in the opposite order.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Access } from "./app/access/access.ts";
import { AccessJournal } from "./app/access/access-journal.ts";
import { AuditLog } from "./app/access/audit-log.ts";
import { Denials } from "./app/access/denials.ts";
import { Recordings } from "./app/access/recordings.ts";
import type { AccountHandle } from "./app/accounts/account-handle.ts";
import { HostedAccounts } from "./app/accounts/hosted-accounts.ts";
import { taskAccount } from "./app/accounts/task-account.ts";
import { TaskTokens } from "./app/accounts/task-tokens.ts";
import type { App } from "./app/app.ts";
import { accessTokens, DEFAULT_LIFETIME_SECONDS } from "./app/directory/access-token.ts";
import { accessTokenVerifier } from "./app/directory/access-token-verify.ts";
import { Directory } from "./app/directory/directory.ts";
import { idTokens } from "./app/directory/id-token.ts";
import { openSigningKeys } from "./app/directory/signing-keys.ts";
import { ensureFirstPartyPrincipals } from "./app/directory/tenant.ts";
import { IdentityRequests } from "./app/identities/identity-requests.ts";
import type { Management } from "./app/management/management.ts";
import type { AgentAdmission, ComputeDriver } from "./app/ports/compute-driver.ts";
import { openSealing } from "./app/secrets/sealing.ts";
import { firstStart, readCredentials } from "./app/seed/first-start.ts";
import { PasswordCheck } from "./app/sign-in/password-check.ts";
import { sweepSignIn } from "./app/sign-in/sign-in-sweep.ts";
import { Storage } from "./app/storage/storage.ts";
import type { ReadyLine, ServiceFile } from "./client/service-endpoints.ts";
import { Azurite } from "./compute/azurite.ts";
import { LocalDriver } from "./compute/local-driver.ts";
import { SlurmDriver } from "./compute/slurm-driver.ts";
import { VersionDoor } from "./core/version/version-door.ts";
import { hostOfBind, isLoopback, namesOfBind } from "./http/bind-names.ts";
import { openCertificateAuthority } from "./http/certificate-authority.ts";
import { notFound, type Planes } from "./http/dispatch.ts";
import { hostAllowList } from "./http/host-allow-list.ts";
import { issuerKeysFetcher } from "./http/issuer-keys.ts";
import { serverCertificates } from "./http/leaf.ts";
import { testControls } from "./http/test-controls.ts";
import { Loops } from "./loops/loops.ts";
import { Reconciler } from "./loops/reconciler.ts";
import { armPlane } from "./planes/arm/arm-plane.ts";
import { batchPlane } from "./planes/batch/pipeline.ts";
import { blobPlane } from "./planes/blob/blob-plane.ts";
import { entraPages, entraPlane } from "./planes/entra/entra-plane.ts";
import type { EntraServices } from "./planes/entra/request/endpoint.ts";
import { graphPlane } from "./planes/graph/graph-plane.ts";
import { AgentHub } from "./planes/node/agent-hub.ts";
import { AgentTokens } from "./planes/node/agent-tokens.ts";
import { metadataOrElse, metadataOutside } from "./planes/node/metadata-outside.ts";
import { strangerAt } from "./planes/node/stranger.ts";
import { version } from "./product.ts";
import { type Service, type ServiceOptions, StartError, startError } from "./service-options.ts";
import { openListeners, ownUrl, serviceEndpoints, serviceReach } from "./service-ports.ts";
import { lockFolder } from "./store/engine/folder-lock.ts";
import { openSqliteStore } from "./store/engine/sqlite-store.ts";
import type { NodeSpec } from "./wire/agent/messages.ts";

export { type Service, type ServiceOptions, StartError } from "./service-options.ts";

/** How often signing keys are looked at and expired sign-ins swept: hourly is far below any of their terms. */
const SIGN_IN_UPKEEP_MS = 3_600_000;

/**
 * Starts a service on its data folder.
 * @throws StartError with one clear line: a port in use, a folder that cannot be written, a second service on the folder.
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const undo: (() => unknown)[] = [];
  const close = async () => {
    for (let step = undo.pop(); step; step = undo.pop()) await step();
  };
  try {
    return { ready: await start(options, undo), close };
  } catch (error) {
    await close();
    throw startError(error, options);
  }
}

async function start(options: ServiceOptions, undo: (() => unknown)[]): Promise<ReadyLine> {
  const { log } = options;
  const machineClock = options.clock ?? Date.now;
  let advancedBy = 0;
  // The service's one clock; only certificates, which clients check by their own, keep the machine's.
  const clock = () => machineClock() + advancedBy;
  const folder = resolve(options.dataFolder);
  if (options.databaseUrl !== undefined)
    throw new StartError("--database is not built yet; leave it out for SQLite");
  mkdirSync(join(folder, "agent"), { recursive: true, mode: 0o700 });

  const lock = lockFolder(join(folder, "lock"));
  if (!lock)
    throw new StartError(
      `another service is running on ${folder}; stop it with: batchyard stop --data ${folder}`,
    );
  undo.push(() => lock.release());

  const sealing = openSealing(join(folder, "seal.key"));
  const store = await openSqliteStore(join(folder, "state.db"));
  undo.push(() => store.close());
  const directory = new Directory(store);
  // Making the signing key and hashing the password take longest; both run in other threads.
  const [keys] = await Promise.all([
    openSigningKeys(store, sealing, clock),
    firstStart({ store, directory, sealing, folder, seedFile: options.seedFile, now: clock() }),
  ]);
  await ensureFirstPartyPrincipals(directory, clock());
  const tokens = accessTokenVerifier(keys, clock);
  const access = new Access(store, (objectId) => directory.principalIds(objectId));
  const journal = new AccessJournal({
    denials: new Denials(store, clock, log),
    audit: new AuditLog(join(folder, "audit"), log),
    recordings: new Recordings(clock),
  });
  undo.push(() => journal.close());
  const identityRequests = new IdentityRequests(store, journal, clock, () => accounts.first.handle);
  undo.push(() => identityRequests.close());
  const accounts = await HostedAccounts.read(store, sealing);
  const storage = await Storage.read(store, sealing);
  const taskTokens = await TaskTokens.read(store, sealing);

  const authority = openCertificateAuthority(folder, machineClock());
  const hosts = hostAllowList(namesOfBind(options.bind));
  const certificates = serverCertificates(authority, hosts, machineClock);

  const azurite = new Azurite({
    folder: join(folder, "storage"),
    accounts: () => storage.all,
    delegationSecret: storage.delegationSecret,
    certificate: (name) => authority.mintLeaf([name], machineClock()),
    caFile: authority.caFile,
    log,
  });
  undo.push(() => azurite.close());
  storage.servedBy({ backend: azurite, port: () => listeners.blob.port, onChange: () => onAccounts() });

  const issuing = accessTokens(keys, clock, options.tokenLifetimeSeconds ?? DEFAULT_LIFETIME_SECONDS);
  const agentTokens = new AgentTokens();
  const hub = new AgentHub({
    identityTokens: {
      store,
      directory,
      accessTokens: issuing,
      requests: identityRequests,
      clock,
      account: (key) => accounts.byKey(key)?.handle,
    },
    tokens: agentTokens,
    onRefused: (socket) => {
      const stranger = { operation: "Agent_Connect", target: "/agent", ...strangerAt(socket) } as const;
      void identityRequests.ofStranger(stranger, 401, "No agent has this token.");
    },
    log,
  });
  directory.whenChanged(() => hub.recheckTokens());
  access.whenInvalidated(() => hub.recheckTokens());
  const compute = await openCompute(options, folder, {
    tokenOf: (agentId) => agentTokens.tokenOf(agentId),
    revoke: (agentId) => {
      agentTokens.revoke(agentId);
      hub.disconnect(agentId);
    },
  });
  const loops: Loops = new Loops(
    () => app,
    () => management,
    log,
  );
  const isolation = options.isolation ?? defaultIsolation();
  const allowsUnisolatedIdentities = options.allowUnisolatedIdentities ?? false;
  const app: App = {
    store,
    clock,
    randomId: () => randomBytes(8).toString("hex"),
    agents: hub,
    compute,
    nudge: loops,
    isolation,
    allowsUnisolatedIdentities,
    sealing,
    taskTokens,
    storage,
    account: (key) => taskAccount(accounts.byKey(key), storage, listeners.accounts.of(key)),
  };
  hub.attach(app);
  const management: Management = {
    store,
    clock,
    access,
    sealing,
    accounts,
    storage,
    nudge: loops,
    identityLocations: options.identityLocations,
    refusesIdentities: isolation === "process" && !allowsUnisolatedIdentities,
  };

  const versions = new VersionDoor(options.strictVersions ?? false, log);
  const isOwnUrl = (url: string) => ownUrl(url, listeners);
  const isOnLoopback = isLoopback(options.bind);
  const pagesOrigin = () => (isOnLoopback ? `http://localhost:${listeners.plain.port}` : undefined);
  const batch = batchPlane({
    app,
    access,
    journal,
    tokens,
    taskTokens,
    accountNamed: (name) => accounts.byName(name)?.handle,
    accountKeys: ({ key }: AccountHandle) => accounts.byKey(key)?.keys ?? [],
    authenticationModes: ({ key }: AccountHandle) =>
      accounts.byKey(key)?.spec.allowedAuthenticationModes ?? [],
    lenientAudience: options.lenientAudience ?? false,
    pagesOrigin,
    clock,
    log,
  });
  const fetchIssuerKeys = issuerKeysFetcher();
  const entra: EntraServices = {
    directory,
    tokens,
    passwords: new PasswordCheck(directory, clock),
    issuerKeys: async (issuer) =>
      (await directory.isOwnIssuer(issuer))
        ? keys.published.map((key) => ({ ...key }))
        : fetchIssuerKeys(issuer),
    accessTokens: issuing,
    idTokens: idTokens(keys, clock),
    publishedKeys: () => keys.published,
    isOwnUrl,
    isOwnAuthority: (host) => isOwnUrl(`https://${host}`),
    pagesOrigin,
    pageKey: randomBytes(32),
    clock,
  };
  const metadata = metadataOutside(identityRequests);
  const planes: Planes = {
    entra: entraPlane(entra),
    arm: armPlane({
      ...management,
      journal,
      tokens,
      log,
      versions,
      accountPort: (key) => listeners.accounts.of(key),
    }),
    graph: graphPlane({ directory, journal, tokens, clock, log }),
    batch,
    metadata,
    storage: blobPlane({ storage, access, journal, tokens, clock, log }),
  };
  const upkeep = new Reconciler({
    name: "sign-in",
    periodMs: SIGN_IN_UPKEEP_MS,
    step: async () => {
      await keys.roll();
      await sweepSignIn(directory, clock());
    },
    log,
  });
  const advance = async (milliseconds: number) => {
    advancedBy += milliseconds;
    await keys.roll();
    hub.recheckTokens();
    upkeep.nudge();
  };
  const pages = isOnLoopback ? metadataOrElse(metadata, entraPages(entra)) : notFound;
  const plainPages =
    isOnLoopback && options.testControls ? testControls({ now: clock, advance }, pages) : pages;

  /** An account has come or gone. */
  let onAccounts = () => {};
  const listeners = await openListeners(options, planes, plainPages, {
    hosts,
    certificates,
    hub,
    accounts,
    onAccounts: () => onAccounts(),
    onMetadataRefused: (target, socket) => {
      const stranger = {
        operation: "Metadata_Request",
        target: `CONNECT ${target}`,
        ...strangerAt(socket),
      } as const;
      void identityRequests.ofStranger(stranger, 403, "There is no metadata service outside of nodes.");
    },
  });
  undo.push(() => listeners.close());
  undo.push(() => hub.close());

  const agentHost = compute.name === "local" ? undefined : hostOfBind(options.bind);
  if (compute.name === "slurm" && agentHost === undefined)
    log(
      "Slurm: on loopback, only agents on this machine reach the service; --bind ADDRESS is for the others",
    );
  const configureAgents = () =>
    compute.configure({
      url: `wss://${urlHost(agentHost ?? "localhost")}:${listeners.main.port}/agent`,
      caFile: authority.caFile,
      reach: {
        ...serviceReach(authority, listeners, accounts, storage),
        ...(agentHost !== undefined && { host: agentHost }),
      },
      nodePaths: options.nodePaths ?? [],
      trustedOrigins: options.trustedOrigins ?? [],
    });
  configureAgents();
  undo.push(() => compute.close());
  compute.onChange(() => loops.nodes());
  loops.start();
  upkeep.start();
  undo.push(() => upkeep.close());
  undo.push(() => loops.close());

  const startedAt = clock();
  const publish = () => {
    const endpoints = serviceEndpoints(authority, listeners, accounts, storage);
    const file: ServiceFile = { ...endpoints, pid: process.pid, version, startedAt };
    writePrivate(join(folder, "service.json"), file);
    return endpoints;
  };
  const endpoints = publish();
  onAccounts = () => {
    configureAgents();
    publish();
  };
  undo.push(() => rmSync(join(folder, "service.json"), { force: true }));
  const accountKey = Buffer.from(accounts.first.keys[0]).toString("base64");
  return { ready: true, ...endpoints, ...readCredentials(folder), accountKey };
}

function urlHost(name: string): string {
  return name.includes(":") ? `[${name}]` : name;
}

/** @throws StartError where the driver finds nothing to provide nodes with */
async function openCompute(
  { compute = "local", slurmOptions = [], log }: ServiceOptions,
  dataFolder: string,
  admission: AgentAdmission,
): Promise<ComputeDriver> {
  if (compute === "local") return new LocalDriver({ dataFolder, admission, log });
  try {
    return await SlurmDriver.open({ dataFolder, admission, options: slurmOptions, log });
  } catch (error) {
    throw new StartError(`--compute slurm: ${(error as Error).message}`);
  }
}

/** The variable is for whole test runs on one kind of node. */
function defaultIsolation(): NodeSpec["isolation"] {
  const { BATCHYARD_ISOLATION: wish } = process.env;
  return wish === "namespace" || wish === "process" ? wish : "auto";
}

function writePrivate(file: string, value: object): void {
  // Written beside and renamed: an agent may read it at this moment.
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
