/** The ports of one service: which there are, who answers on each, and how they are told to clients, agents and tasks. */
import type { Socket } from "node:net";
import type { HostedAccounts } from "../app/accounts/hosted-accounts.ts";
import type { Storage } from "../app/storage/storage.ts";
import type { ServiceEndpoints } from "../client/service-endpoints.ts";
import { AccountPorts } from "../http/account-ports.ts";
import type { CertificateAuthority } from "../http/certificate-authority.ts";
import { dispatchByPath, dispatchToAccount, dispatchToStorage, type Planes } from "../http/dispatch.ts";
import type { Handler } from "../http/exchange.ts";
import { AZURE_SERVICE_NAMES, type HostAllowList } from "../http/host-allow-list.ts";
import type { ServerCertificates } from "../http/leaf.ts";
import { type Listener, listen, type UpgradeRoutes } from "../http/listener.ts";
import { plainPort } from "../http/plain-port.ts";
import { listenProxy } from "../http/proxy.ts";
import { requestListener } from "../http/request-listener.ts";
import { webSocketRoutes } from "../http/upgrade-routes.ts";
import type { AgentHub } from "../planes/node/agent-hub.ts";
import type { ServiceReach } from "../wire/agent/configuration.ts";
import { DOCUMENTED_LOCATION } from "../wire/arm/regions.ts";
import { accountHost } from "../wire/batch/account-host.ts";
import { BLOB_SUFFIX } from "../wire/storage/blob-names.ts";
import { version } from "./product.ts";
import { DEFAULT_PORT, type ServiceOptions } from "./service-options.ts";

/** Main, plain and proxy; the accounts' own ports follow. */
const SHARED_PORTS = 3;
/** That of blobs stands before the main port, out of the way of accounts that come. */
const BLOB_PORT_OFFSET = -1;

export interface Listeners {
  readonly main: Listener;
  readonly plain: Listener;
  readonly proxy: Listener;
  /** Blobs of all storage accounts, by path on this machine's names. */
  readonly blob: Listener;
  readonly accounts: AccountPorts;
  close(): Promise<void>;
}

/** From the main port on, each at the next one: main, plain, proxy, then a Batch account each; blobs at the one before. With port 0 all take any free one. */
export async function openListeners(
  { port = DEFAULT_PORT, bind, log }: ServiceOptions,
  planes: Planes,
  pages: Handler,
  parts: {
    readonly hosts: HostAllowList;
    readonly certificates: ServerCertificates;
    readonly hub: AgentHub;
    readonly accounts: HostedAccounts;
    /** As `/health` says it; undefined when there is none. */
    readonly trouble: () => string | undefined;
    /** Called when one has come or gone. */
    readonly onAccounts: () => void;
    /** See `ProxyOptions`. */
    readonly onMetadataRefused: (target: string, socket: Socket) => void;
  },
): Promise<Listeners> {
  const { hosts, certificates, hub, accounts, trouble, onAccounts, onMetadataRefused } = parts;
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
        upgrade: agentRoutes(hosts, hub),
      }),
    );
    const plain = keep(
      await listen({
        port: next(),
        bind,
        onRequest: requestListener({
          scheme: "http",
          hosts,
          handler: plainPort({ version, trouble, pages }),
          log,
        }),
      }),
    );
    const proxy = keep(
      await listenProxy({ port: next(), hosts, tls: main, handler: byPath, onMetadataRefused, log }),
    );
    const blob = keep(
      await listen({
        port: port === 0 ? 0 : port + BLOB_PORT_OFFSET,
        bind,
        certificates,
        onRequest: requestListener({ scheme: "https", hosts, handler: dispatchToStorage(planes), log }),
      }),
    );
    let isStarting = port !== 0;
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
    return { main, plain, proxy, blob, accounts: accountPorts, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Where agents come in. */
export function agentRoutes(hosts: HostAllowList, hub: AgentHub): UpgradeRoutes {
  return webSocketRoutes(hosts, {
    "/agent": (request, socket, head) => hub.accept(request, socket, head),
  });
}

export function serviceEndpoints(
  { caFile, bundleFile }: CertificateAuthority,
  { main, plain, proxy, accounts }: Listeners,
  { first: { handle } }: HostedAccounts,
  storage: Storage,
  portal: string,
): ServiceEndpoints {
  const origin = `https://localhost:${main.port}`;
  return {
    login: origin,
    management: origin,
    graph: origin,
    batch: `https://localhost:${accounts.of(handle.key)}`,
    portal,
    ...blobEndpoint(storage),
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

function blobEndpoint(storage: Storage): Pick<ServiceEndpoints, "blob" | "storageAccount"> {
  const [first] = storage.all;
  return { blob: first ? storage.url(first.name) : null, storageAccount: first?.name ?? null };
}

/** What tasks reach from inside nodes that have a network of their own. */
export function serviceReach(
  { caFile, bundleFile }: CertificateAuthority,
  { main, proxy, blob, accounts: ports }: Listeners,
  accounts: HostedAccounts,
  storage: Storage,
): ServiceReach {
  const byDocuments = accounts.all
    .filter(({ handle }) => handle.location !== DOCUMENTED_LOCATION)
    .map(({ handle: { name } }) => accountHost({ name, location: DOCUMENTED_LOCATION }));
  const own = accounts.all.map(
    ({ handle }) => [`account:${handle.name}`, ports.of(handle.key) ?? 0] as const,
  );
  return {
    ports: { main: main.port, proxy: proxy.port, blob: blob.port, ...Object.fromEntries(own) },
    azureNames: [
      ...AZURE_SERVICE_NAMES,
      ...accounts.all.map(({ handle }) => accountHost(handle)),
      ...byDocuments,
      ...storage.all.map(({ name }) => `${name}${BLOB_SUFFIX}`),
    ],
    caFile,
    bundleFile,
  };
}
