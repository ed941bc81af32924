/** The front of the Blob service alone before its Azurite, whose debug log tells what it was asked. Requests are signed by the account's key. */
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Access } from "../../../src/app/access/access.ts";
import type { AccessJournal } from "../../../src/app/access/access-journal.ts";
import type { AccessTokenVerifier } from "../../../src/app/directory/access-token-verify.ts";
import { Directory } from "../../../src/app/directory/directory.ts";
import { openSealing } from "../../../src/app/secrets/sealing.ts";
import { firstStart } from "../../../src/app/seed/first-start.ts";
import { Storage } from "../../../src/app/storage/storage.ts";
import { Azurite } from "../../../src/compute/azurite.ts";
import { hostAllowList } from "../../../src/http/host-allow-list.ts";
import { requestListener } from "../../../src/http/request-listener.ts";
import { blobPlane } from "../../../src/planes/blob/blob-plane.ts";
import { openSqliteStore } from "../../../src/store/engine/sqlite-store.ts";
import { type RawReply, sendPlain } from "../raw-request.fixture.ts";
import { storageSharedKey } from "./storage-signing.fixture.ts";

export const STORE_ACCOUNT = "mystorageaccount";
export const STORE_HOST = `${STORE_ACCOUNT}.blob.core.windows.net`;

export interface SignedBlobRequest {
  readonly method: string;
  /** Still encoded. */
  readonly path: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** As Azurite's debug log tells it. */
export interface DoneBehind {
  /** Which of its operations it chose; several where it was asked several times. */
  readonly operations: readonly string[];
  /** The names of the parameters that it got. */
  readonly parameters: readonly string[];
}

export interface BlobStore {
  readonly key: Uint8Array;
  readonly storage: Storage;
  /** Signed with the account's key over all that it has. */
  signed(request: SignedBlobRequest): Promise<RawReply>;
  /** Ends Azurite. @returns what it was asked and did, by the client's request id */
  done(): Promise<Map<string, DoneBehind>>;
  close(): Promise<void>;
}

export async function openBlobStore(): Promise<BlobStore> {
  const folder = mkdtempSync(join(tmpdir(), "batchyard-blobs-"));
  const store = await openSqliteStore(join(folder, "state.db"));
  const sealing = openSealing(join(folder, "seal.key"));
  const directory = new Directory(store);
  await firstStart({ store, directory, sealing, folder, seedFile: undefined, now: Date.now() });
  const storage = await Storage.read(store, sealing);
  const debugLog = join(folder, "azurite.log");
  const backend = new Azurite({ folder: join(folder, "storage"), log: () => {}, debugLog });
  storage.servedBy({ backend, port: () => undefined, onChange: () => {} });
  const handler = blobPlane({
    storage,
    hasRoomFor: () => true,
    tokens: {} as AccessTokenVerifier,
    access: {} as Access,
    journal: { allowed: () => () => {} } as unknown as AccessJournal,
    portalOrigins: () => [],
    clock: Date.now,
    log: (line) => console.error(line),
  });
  const server = createServer(
    requestListener({ scheme: "https", hosts: hostAllowList([]), handler, log: console.error }),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const key = storage.byName(STORE_ACCOUNT)?.keys[0] ?? Buffer.alloc(0);
  return {
    key,
    storage,
    signed({ method, path, query = "", headers = {}, body = "" }) {
      const all = {
        "x-ms-version": "2021-12-02",
        "x-ms-date": new Date().toUTCString(),
        "content-length": String(Buffer.byteLength(body)),
        ...headers,
      };
      const authorization = storageSharedKey(STORE_ACCOUNT, key, { method, path, query, headers: all });
      return sendPlain(port, {
        method,
        path: query === "" ? path : `${path}?${query}`,
        host: STORE_HOST,
        headers: { ...all, authorization },
        body,
      });
    },
    async done() {
      await backend.close();
      return doneBehind(readFileSync(debugLog, "utf8"));
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await backend.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function doneBehind(log: string): Map<string, DoneBehind> {
  const found = new Map<string, DoneBehind>();
  const asked = new Map<string, { readonly client: string; readonly parameters: readonly string[] }>();
  for (const line of log.split("\n")) {
    const context = / ([0-9a-f-]{36}) /.exec(line)?.[1] ?? "";
    const client = /"x-ms-client-request-id":"([^"]+)"/.exec(line)?.[1];
    const query = / RequestURL=[^ ?]*\??([^ ]*) /.exec(line)?.[1] ?? "";
    if (client !== undefined)
      asked.set(context, { client, parameters: [...new URLSearchParams(query).keys()] });
    const operation = /DispatchMiddleware: Operation=(\w+)/.exec(line)?.[1];
    const known = asked.get(context);
    if (operation === undefined || known === undefined) continue;
    const before = found.get(known.client);
    found.set(known.client, {
      operations: [...(before?.operations ?? []), operation],
      parameters: [...(before?.parameters ?? []), ...known.parameters],
    });
  }
  return found;
}
