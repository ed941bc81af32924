/**
 * The composition root: the only file that knows every concrete thing. It opens the store, builds planes, loops, drivers and
 * listeners, and takes them down again in the opposite order.
 */
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Access } from "./app/access/access.ts";
import { AccessJournal } from "./app/access/access-journal.ts";
import { AuditLog } from "./app/access/audit-log.ts";
import { Denials } from "./app/access/denials.ts";
import { Recordings } from "./app/access/recordings.ts";
import type { AccountHandle } from "./app/accounts/account-handle.ts";
import { HostedAccounts } from "./app/accounts/hosted-accounts.ts";
import type { App } from "./app/app.ts";
import { accessTokens, DEFAULT_LIFETIME_SECONDS } from "./app/directory/access-token.ts";
import { accessTokenVerifier } from "./app/directory/access-token-verify.ts";
import { Directory } from "./app/directory/directory.ts";
import { idTokens } from "./app/directory/id-token.ts";
import { openSealing } from "./app/directory/sealing.ts";
import { openSigningKeys } from "./app/directory/signing-keys.ts";
import { ensureFirstPartyPrincipals } from "./app/directory/tenant.ts";
import type { Management } from "./app/resources/management.ts";
import { firstStart, readCredentials } from "./app/seed/first-start.ts";
import { SeedError } from "./app/seed/seed-file.ts";
import { PasswordCheck } from "./app/sign-in/password-check.ts";
import { sweepSignIn } from "./app/sign-in/sign-in-sweep.ts";
import type { ReadyLine, ServiceEndpoints, ServiceFile } from "./client/service-endpoints.ts";
import { LOCAL_AGENT_ID, LocalDriver } from "./compute/local-driver.ts";
import { AccountPorts } from "./http/account-ports.ts";
import { namesOfBind } from "./http/bind-names.ts";
import { type CertificateAuthority, openCertificateAuthority } from "./http/certificate-authority.ts";
import { dispatchByPath, dispatchToAccount, notFound, type Planes } from "./http/dispatch.ts";
import type { Handler } from "./http/exchange.ts";
import { AZURE_SERVICE_NAMES, type HostAllowList, hostAllowList } from "./http/host-allow-list.ts";
import { issuerKeysFetcher } from "./http/issuer-keys.ts";
import { type ServerCertificates, serverCertificates } from "./http/leaf.ts";
import { type Listener, listen } from "./http/listener.ts";
import { plainPort } from "./http/plain-port.ts";
import { listenProxy } from "./http/proxy.ts";
import { requestListener } from "./http/request-listener.ts";
import { testControls } from "./http/test-controls.ts";
import { webSocketRoutes } from "./http/upgrade-routes.ts";
import { Loops } from "./loops/loops.ts";
import { Reconciler } from "./loops/reconciler.ts";
import { armPlane } from "./planes/arm/arm-plane.ts";
import { batchPlane } from "./planes/batch/pipeline.ts";
import type { EntraServices } from "./planes/entra/endpoint.ts";
import { entraPages, entraPlane } from "./planes/entra/entra-plane.ts";
import { graphPlane } from "./planes/graph/graph-plane.ts";
import { AgentHub } from "./planes/node/agent-hub.ts";
import { version } from "./product.ts";
import { lockFolder } from "./store/folder-lock.ts";
import { openSqliteStore } from "./store/sqlite-store.ts";
import type { AgentConfiguration, NodePath, NodeSpec, ServiceReach } from "./wire/agent/messages.ts";

export interface ServiceOptions {
  /** Holds all state. Created with mode 0700 when it does not exist. */
  readonly dataFolder: string;
  /** The main TLS port; 0 takes any free port, for every listener. Default 8443. */
  readonly port?: number;
  /** JSON file that declares tenants, applications, accounts and roles for the first start. */
  readonly seedFile?: string;
  /** `postgres://…`; absent means the embedded SQLite. */
  readonly databaseUrl?: string;
  /** Accepts further spellings of the Batch audience on the data plane. */
  readonly lenientAudience?: boolean;
  /** Seconds that access tokens live, where the application has no policy of its own. Default 3600. */
  readonly tokenLifetimeSeconds?: number;
  /** Serves the controls of `batchyard clock` on the plain port. */
  readonly testControls?: boolean;
  /** Address to listen on; default loopback. */
  readonly bind?: string;
  /** How nodes are kept apart; `auto` takes namespaces where the kernel gives them. Default: BATCHYARD_ISOLATION. */
  readonly isolation?: NodeSpec["isolation"];
  /** What of this machine nodes with a view of their own show beside the usual. */
  readonly nodePaths?: readonly NodePath[];
  readonly log: (line: string) => void;
  /** Milliseconds since the epoch; default: the machine's clock. Tests move it. */
  readonly clock?: () => number;
}

export interface Service {
  readonly ready: ReadyLine;
  /** Stops listeners, loops and agents, and closes the store. */
  close(): Promise<void>;
}

/** A reason not to start that the user can act on; its message is the one line to print. */
export class StartError extends Error {}

const DEFAULT_PORT = 8443;
/** Main, plain and proxy. */
const SHARED_PORTS = 3;
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
  const accounts = await HostedAccounts.read(store, sealing);

  const authority = openCertificateAuthority(folder, machineClock());
  const hosts = hostAllowList(namesOfBind(options.bind));
  const certificates = serverCertificates(authority, hosts, machineClock);

  const agentToken = randomBytes(32).toString("base64url");
  const hub = new AgentHub({
    tokenDigests: new Map([[LOCAL_AGENT_ID, createHash("sha256").update(agentToken).digest()]]),
    log,
  });
  const configurationFile = join(folder, "agent", "configuration.json");
  const compute = new LocalDriver({ dataFolder: folder, configurationFile, log });
  const loops: Loops = new Loops(
    () => app,
    () => management,
    log,
  );
  const app: App = {
    store,
    clock,
    randomId: () => randomBytes(8).toString("hex"),
    agents: hub,
    compute,
    nudge: loops,
    isolation: options.isolation ?? defaultIsolation(),
    sealing,
    account: (key) => ({
      name: accounts.byKey(key)?.handle.name ?? "",
      url: `https://localhost:${listeners.accounts.of(key) ?? 0}`,
    }),
  };
  hub.attach(app);
  const management: Management = { store, clock, access, sealing, accounts, nudge: loops };

  const isOwnUrl = (url: string) => ownUrl(url, listeners);
  const batch = batchPlane({
    app,
    access,
    journal,
    tokens,
    accountNamed: (name) => accounts.byName(name)?.handle,
    accountKeys: ({ key }: AccountHandle) => accounts.byKey(key)?.keys ?? [],
    authenticationModes: ({ key }: AccountHandle) =>
      accounts.byKey(key)?.spec.allowedAuthenticationModes ?? [],
    lenientAudience: options.lenientAudience ?? false,
    clock,
    log,
  });
  const fetchIssuerKeys = issuerKeysFetcher();
  const isOnLoopback = isLoopback(options.bind);
  const entra: EntraServices = {
    directory,
    tokens,
    passwords: new PasswordCheck(directory, clock),
    issuerKeys: async (issuer) =>
      (await directory.isOwnIssuer(issuer))
        ? keys.published.map((key) => ({ ...key }))
        : fetchIssuerKeys(issuer),
    accessTokens: accessTokens(keys, clock, options.tokenLifetimeSeconds ?? DEFAULT_LIFETIME_SECONDS),
    idTokens: idTokens(keys, clock),
    publishedKeys: () => keys.published,
    isOwnUrl,
    isOwnAuthority: (host) => isOwnUrl(`https://${host}`),
    pagesOrigin: () => (isOnLoopback ? `http://localhost:${listeners.plain.port}` : undefined),
    pageKey: randomBytes(32),
    clock,
  };
  const planes: Planes = {
    entra: entraPlane(entra),
    arm: armPlane({
      ...management,
      journal,
      tokens,
      log,
      accountPort: (key) => listeners.accounts.of(key),
    }),
    graph: graphPlane({ tokens, clock }),
    batch,
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
    upkeep.nudge();
  };
  const pages = isOnLoopback ? entraPages(entra) : notFound;
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
  });
  undo.push(() => listeners.close());
  undo.push(() => hub.close());

  const configureAgents = () =>
    writePrivate(configurationFile, {
      agentId: LOCAL_AGENT_ID,
      url: `wss://localhost:${listeners.main.port}/agent`,
      caFile: authority.caFile,
      token: agentToken,
      nodesFolder: join(folder, "nodes"),
      reach: serviceReach(authority, listeners, accounts),
      nodePaths: options.nodePaths ?? [],
    } satisfies AgentConfiguration);
  configureAgents();
  undo.push(() => compute.close());
  compute.onAgentLost((agentId) => {
    log(`agent ${agentId} has died; another one takes up its nodes`);
    loops.nodes();
  });
  loops.start();
  upkeep.start();
  undo.push(() => upkeep.close());
  undo.push(() => loops.close());

  const startedAt = clock();
  const publish = () => {
    const endpoints = serviceEndpoints(authority, listeners, accounts);
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

/** Whether a URL is one of the main port's, by any of this machine's names. */
function ownUrl(url: string, { main }: Listeners): boolean {
  const match = /^https:\/\/(localhost|127\.0\.0\.1|\[::1\]):(\d+)\/?$/i.exec(url);
  return match !== null && Number(match[2]) === main.port;
}

function isLoopback(bind: string | undefined): boolean {
  return bind === undefined || ["localhost", "127.0.0.1", "::1"].includes(bind);
}

interface Listeners {
  readonly main: Listener;
  readonly plain: Listener;
  readonly proxy: Listener;
  readonly accounts: AccountPorts;
  close(): Promise<void>;
}

/** From the main port on, each at the next one: main, plain, proxy, then an account each. With port 0 all take any free one. */
async function openListeners(
  { port = DEFAULT_PORT, bind, log }: ServiceOptions,
  planes: Planes,
  pages: Handler,
  parts: {
    readonly hosts: HostAllowList;
    readonly certificates: ServerCertificates;
    readonly hub: AgentHub;
    readonly accounts: HostedAccounts;
    /** Called when one has come or gone. */
    readonly onAccounts: () => void;
  },
): Promise<Listeners> {
  const { hosts, certificates, hub, accounts, onAccounts } = parts;
  const shared: Listener[] = [];
  const next = () => (port === 0 ? 0 : port + shared.length);
  const keep = (listener: Listener) => {
    shared.push(listener);
    return listener;
  };
  const byPath = dispatchByPath(planes);
  const accountPorts = new AccountPorts({
    firstPort: port === 0 ? 0 : port + SHARED_PORTS,
    listenOptions: ({ name }) => {
      const handler = dispatchToAccount(planes, { account: name });
      return { bind, certificates, onRequest: requestListener({ scheme: "https", hosts, handler, log }) };
    },
  });
  const close = async () => {
    await Promise.all([...shared.map((listener) => listener.close()), accountPorts.closeAll()]);
  };
  try {
    const main = keep(
      await listen({
        port: next(),
        bind,
        certificates,
        onRequest: requestListener({ scheme: "https", hosts, handler: byPath, log }),
        upgrade: webSocketRoutes(hosts, {
          "/agent": (request, socket, head) => hub.accept(request, socket, head),
        }),
      }),
    );
    const plain = keep(
      await listen({
        port: next(),
        bind,
        onRequest: requestListener({ scheme: "http", hosts, handler: plainPort({ version, pages }), log }),
      }),
    );
    const proxy = keep(await listenProxy({ port: next(), hosts, tls: main, handler: byPath, log }));
    let isStarting = true;
    await accounts.servedBy({
      open: async (account) => {
        // A first start fails on a port in use, as any start does; an account that comes later takes the next one.
        const first = isStarting ? port + SHARED_PORTS + accounts.all.indexOf(account) : null;
        const taken = await accountPorts.open(account.handle, account.port ?? first);
        if (port !== 0) await accounts.keepPort(account.handle.key, taken);
        onAccounts();
      },
      close: async ({ handle }) => {
        await accountPorts.close(handle.key);
        onAccounts();
      },
    });
    isStarting = false;
    return { main, plain, proxy, accounts: accountPorts, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function serviceEndpoints(
  { caFile, bundleFile }: CertificateAuthority,
  { main, plain, proxy, accounts }: Listeners,
  { first: { handle } }: HostedAccounts,
): ServiceEndpoints {
  const origin = `https://localhost:${main.port}`;
  return {
    login: origin,
    management: origin,
    graph: origin,
    batch: `https://localhost:${accounts.of(handle.key)}`,
    portal: null,
    proxy: `http://127.0.0.1:${proxy.port}`,
    plain: `http://127.0.0.1:${plain.port}`,
    caFile,
    bundleFile,
    tenantId: handle.tenantId,
    subscriptionId: handle.subscriptionId,
    resourceGroup: handle.resourceGroup,
    account: handle.name,
    location: handle.location,
  };
}

/** The variable is for whole test runs on one kind of node. */
function defaultIsolation(): NodeSpec["isolation"] {
  const { BATCHYARD_ISOLATION: wish } = process.env;
  return wish === "auto" || wish === "namespace" ? wish : "process";
}

/** What tasks reach from inside nodes that have a network of their own. */
function serviceReach(
  { caFile, bundleFile }: CertificateAuthority,
  { main, proxy, accounts: ports }: Listeners,
  accounts: HostedAccounts,
): ServiceReach {
  const own = accounts.all.map(
    ({ handle }) => [`account:${handle.name}`, ports.of(handle.key) ?? 0] as const,
  );
  return {
    ports: { main: main.port, proxy: proxy.port, ...Object.fromEntries(own) },
    azureNames: [
      ...AZURE_SERVICE_NAMES,
      ...accounts.all.map(({ handle }) => `${handle.name}.${handle.location}.batch.azure.com`),
    ],
    caFile,
    bundleFile,
  };
}

function writePrivate(file: string, value: object): void {
  // Written beside and renamed: an agent may read it at this moment.
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function startError(error: unknown, { dataFolder, port = DEFAULT_PORT }: ServiceOptions): unknown {
  if (error instanceof StartError) return error;
  if (error instanceof SeedError) return new StartError(error.message, { cause: error });
  const { code, path } = error as NodeJS.ErrnoException;
  const taken = (error as { port?: number }).port ?? port;
  switch (code) {
    case "EADDRINUSE":
      return new StartError(`port ${taken} is in use; choose another with --port, or 0 for any free one`);
    case "EACCES":
    case "EPERM":
    case "EROFS":
    case "ENOTDIR":
    case "EEXIST":
      return new StartError(`cannot write to ${path ?? dataFolder}: ${(error as Error).message}`);
    case "ENOENT":
      return new StartError(`there is no ${path ?? dataFolder}`);
    default:
      return error;
  }
}
