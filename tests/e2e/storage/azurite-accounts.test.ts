/** What the program itself does with blobs, through Azurite: containers made on demand, URLs that carry their own permission. */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Directory } from "../../../src/app/directory/directory.ts";
import { openSealing } from "../../../src/app/secrets/sealing.ts";
import { firstStart } from "../../../src/app/seed/first-start.ts";
import { Storage } from "../../../src/app/storage/storage.ts";
import { Azurite } from "../../../src/compute/azurite.ts";
import { openCertificateAuthority } from "../../../src/http/certificate-authority.ts";
import { openSqliteStore } from "../../../src/store/engine/sqlite-store.ts";
import type { Store } from "../../../src/store/engine/store.ts";

let folder: string;
let store: Store;
let storage: Storage;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "batchyard-azurite-"));
  store = await openSqliteStore(join(folder, "state.db"));
  const sealing = openSealing(join(folder, "seal.key"));
  const directory = new Directory(store);
  await firstStart({ store, directory, sealing, folder, seedFile: undefined, now: Date.now() });
  storage = await Storage.read(store, sealing);
  const authority = openCertificateAuthority(folder, Date.now());
  const backend = new Azurite({
    folder: join(folder, "storage"),
    accounts: () => storage.all,
    delegationSecret: storage.delegationSecret,
    certificate: (name) => authority.mintLeaf([name], Date.now()),
    caFile: authority.caFile,
    log: () => {},
  });
  storage.servedBy({ backend, port: () => 1, onChange: () => {} });
});

afterAll(async () => {
  await storage.backend.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const account = "mystorageaccount";

async function put(url: string, body: string): Promise<number> {
  const { host, pathname, search } = new URL(url);
  const headers = ["x-ms-blob-type", "BlockBlob", "content-length", String(body.length)];
  const request = await storage.backend.send({ method: "PUT", target: pathname + search, host, headers });
  request.end(body);
  const [response] = await once(request, "response");
  response.resume();
  return response.statusCode;
}

test("a container is made once, and signed URLs permit what they say", async () => {
  await storage.ensureContainer(account, "made");
  await storage.ensureContainer(account, "made");
  const sas = {
    account,
    container: "made",
    permissions: "w",
    expiresAt: Date.now() + 60_000,
    address: "azure",
  } as const;
  const ofBlob = storage.sasUrl({ ...sas, blob: "in a/folder?.txt", permissions: "cw" });
  expect(await put(ofBlob, "text")).toBe(201);
  expect(await put(ofBlob.replace("folder", "elsewhere"), "text")).toBe(403);
  expect(await put(storage.sasUrl(sas).replace("/made?", "/made/b?"), "text")).toBe(201);
  const readOnly = storage.sasUrl({ ...sas, blob: "b", permissions: "r" });
  expect(await put(readOnly, "text")).toBe(403);
  const expired = storage.sasUrl({ ...sas, blob: "b", expiresAt: Date.now() - 60_000 });
  expect(await put(expired, "text")).toBe(403);
  expect(storage.sasUrl({ ...sas, blob: "b", address: "local" })).toMatch(
    /^https:\/\/localhost:1\/mystorageaccount\/made\/b\?sv=/,
  );
  expect(() => storage.sasUrl({ ...sas, account: "unknown" })).toThrow(
    expect.objectContaining({ code: "StorageAccountNotFound" }),
  );
}, 30_000);
