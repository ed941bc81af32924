/** What the program itself does with blobs, through Azurite: containers made on demand, URLs that carry their own permission. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Directory } from "../../../src/app/directory/directory.ts";
import { openSealing } from "../../../src/app/secrets/sealing.ts";
import { firstStart } from "../../../src/app/seed/first-start.ts";
import { Storage } from "../../../src/app/storage/storage.ts";
import { Azurite } from "../../../src/compute/azurite.ts";
import { sasFormProblem, sasMatches } from "../../../src/core/storage/sas.ts";
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
  const backend = new Azurite({ folder: join(folder, "storage"), log: () => {} });
  storage.servedBy({ backend, port: () => 1, onChange: () => {} });
});

afterAll(async () => {
  await storage.backend.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const account = "mystorageaccount";

/** Whether the front will know the URL's signature for the account's own. */
function isSigned(url: string, blob?: string): boolean {
  const { searchParams } = new URL(url);
  const field = (name: string) => searchParams.get(name) ?? undefined;
  const { keys } = storage.byName(account) ?? { keys: [] };
  expect(sasFormProblem("service", field)).toBeUndefined();
  return sasMatches("service", { account, container: "made", blob }, keys, field);
}

test("a container is made once, and URLs are signed for what they name", async () => {
  await storage.ensureContainer(account, "made");
  await storage.ensureContainer(account, "made");
  expect(await storage.hasBlob({ account, container: "made", blob: "in a/folder?.txt" })).toBe(false);
  const sas = {
    account,
    container: "made",
    permissions: "cw",
    expiresAt: Date.now() + 60_000,
    address: "azure",
  } as const;
  const ofBlob = storage.sasUrl({ ...sas, blob: "in a/folder?.txt" });
  expect(new URL(ofBlob).pathname).toBe("/made/in%20a/folder%3F.txt");
  expect(isSigned(ofBlob, "in a/folder?.txt")).toBe(true);
  expect(isSigned(ofBlob, "in a/elsewhere?.txt")).toBe(false);
  expect(isSigned(ofBlob.replace("sp=cw", "sp=cwd"), "in a/folder?.txt")).toBe(false);
  expect(isSigned(storage.sasUrl(sas))).toBe(true);
  expect(isSigned(storage.sasUrl(sas), "any")).toBe(true);
  expect(storage.sasUrl({ ...sas, blob: "b", address: "local" })).toMatch(
    /^https:\/\/localhost:1\/mystorageaccount\/made\/b\?sv=/,
  );
  expect(() => storage.sasUrl({ ...sas, account: "unknown" })).toThrow(
    expect.objectContaining({ code: "StorageAccountNotFound" }),
  );
}, 30_000);
