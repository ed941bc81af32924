/** A service that is only a front door and a token service, on free ports and a temporary folder. Closing it looks for secrets in both log and folder. */
import { type JsonWebKey, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateSecret } from "../../src/app/directory/client-secret.ts";
import { Directory } from "../../src/app/directory/directory.ts";
import { seedDirectory } from "../../src/app/directory/seed.ts";
import { openSigningKeys, type SigningKeys } from "../../src/app/directory/signing-keys.ts";
import { openSealing } from "../../src/app/secrets/sealing.ts";
import { parseAuthority } from "../../src/http/authority.ts";
import { openCertificateAuthority } from "../../src/http/certificate-authority.ts";
import { dispatchByPath, type Planes } from "../../src/http/dispatch.ts";
import type { Exchange } from "../../src/http/exchange.ts";
import { hostAllowList } from "../../src/http/host-allow-list.ts";
import { serverCertificates } from "../../src/http/leaf.ts";
import { type Listener, listen } from "../../src/http/listener.ts";
import { plainPort } from "../../src/http/plain-port.ts";
import { listenProxy } from "../../src/http/proxy.ts";
import { requestListener } from "../../src/http/request-listener.ts";
import { entraPages, entraPlane } from "../../src/planes/entra/entra-plane.ts";
import { isUserInfo, replyUserInfo } from "../../src/planes/graph/user-info.ts";
import { openSqliteStore } from "../../src/store/engine/sqlite-store.ts";
import type { Store } from "../../src/store/engine/store.ts";
import { entraServices } from "./entra-services.fixture.ts";
import { removeSearched } from "./leak-search.fixture.ts";
import { noteSecret, watchRequests } from "./seen-secrets.fixture.ts";

export interface FrontDoor {
  readonly main: Listener;
  readonly proxy: Listener;
  readonly plain: Listener;
  readonly ca: string;
  readonly caFile: string;
  readonly directory: Directory;
  readonly keys: SigningKeys;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly servicePrincipalId: string;
  /** What the keys of every other issuer are. */
  readonly issuerKeys: JsonWebKey[];
  readonly store: Store;
  readonly log: readonly string[];
  readonly clock: () => number;
  /** Moves the service's clock. */
  advance(milliseconds: number): void;
  close(): Promise<void>;
}

/** A plane that tells which one it is, and echoes a posted body of at most a kibibyte. */
function echo(plane: string) {
  return async (exchange: Exchange): Promise<void> => {
    const body = exchange.method === "POST" ? await exchange.readBody(1024) : "";
    exchange.replyJson(200, [], {
      plane,
      origin: exchange.origin,
      path: exchange.path,
      segments: exchange.segments,
      body: body.toString(),
    });
  };
}

export async function openFrontDoor(planes: Partial<Planes> = {}): Promise<FrontDoor> {
  const folder = mkdtempSync(join(tmpdir(), "front-door-"));
  let now = Date.now();
  const clock = () => now;
  const log: string[] = [];
  const issuerKeys: JsonWebKey[] = [];
  const store = await openSqliteStore(join(folder, "state.db"));
  const directory = new Directory(store);
  const [tenantId, clientId, servicePrincipalId] = [randomUUID(), randomUUID(), randomUUID()];
  const clientSecret = generateSecret();
  noteSecret("the application's secret", clientSecret);
  watchRequests();
  const application = { appId: clientId, displayName: "Test application", objectId: randomUUID() };
  const secrets = [{ keyId: randomUUID(), secret: clientSecret }];
  await seedDirectory(
    directory,
    {
      tenantId,
      displayName: "Test tenant",
      domains: ["test.example", "other.example"],
      applications: [{ ...application, servicePrincipalId, secrets }],
    },
    now,
  );
  const keys = await openSigningKeys(store, openSealing(join(folder, "seal.key")), clock);
  const hosts = hostAllowList();
  const isLocal = (authority: string) => {
    const name = parseAuthority(authority)?.name;
    return name !== undefined && hosts.answers(name) === "local";
  };
  const entra = entraServices({
    directory,
    keys,
    clock,
    issuerKeys,
    isOwnUrl: (url) => isLocal(/^https:\/\/([^/]+)\/?$/.exec(url)?.[1] ?? ""),
    isOwnAuthority: isLocal,
    pagesOrigin: () => `http://localhost:${plain.port}`,
    pagePorts: () => [plain.port, main.port],
  });
  const handler = dispatchByPath({
    entra: entraPlane(entra),
    arm: echo("arm"),
    // Discovery leads there.
    graph: (exchange) => (isUserInfo(exchange) ? replyUserInfo(entra, exchange) : echo("graph")(exchange)),
    batch: (exchange, address) => echo(`batch ${address.account} ${address.location}`)(exchange),
    ...planes,
  });
  const authority = openCertificateAuthority(folder, now);
  const certificates = serverCertificates(authority, hosts, clock);
  const common = { hosts, log: (line: string) => void log.push(line) };
  const main = await listen({
    port: 0,
    certificates,
    onRequest: requestListener({ scheme: "https", handler, ...common }),
  });
  const proxy = await listenProxy({ port: 0, tls: main, handler, ...common });
  const health = plainPort({ version: "1.2.3", trouble: () => undefined, pages: entraPages(entra) });
  const plain = await listen({
    port: 0,
    onRequest: requestListener({ scheme: "http", handler: health, ...common }),
  });
  return {
    main,
    proxy,
    plain,
    ca: readFileSync(authority.caFile, "utf8"),
    caFile: authority.caFile,
    directory,
    keys,
    tenantId,
    clientId,
    clientSecret,
    servicePrincipalId,
    issuerKeys,
    store,
    log,
    clock,
    advance: (milliseconds) => {
      now += milliseconds;
    },
    close: async () => {
      await Promise.all([main.close(), proxy.close(), plain.close()]);
      await store.close();
      await removeSearched(folder, log);
    },
  };
}
