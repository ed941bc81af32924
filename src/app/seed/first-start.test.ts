import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { accountsAll } from "../../store/accounts.ts";
import { openSqliteStore } from "../../store/engine/sqlite-store.ts";
import type { Store } from "../../store/engine/store.ts";
import { userByPrincipalName } from "../../store/users.ts";
import { Directory } from "../directory/directory.ts";
import { verifyPassword } from "../secrets/password-hash.ts";
import { openSealing } from "../secrets/sealing.ts";
import { firstStart, readCredentials } from "./first-start.ts";

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "first-start-"));
  store = await openSqliteStore(join(folder, "state.db"));
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

function start(on: Store): Promise<void> {
  const directory = new Directory(on);
  const sealing = openSealing(join(folder, "seal.key"));
  return firstStart({ store: on, directory, sealing, folder, seedFile: undefined, now: 1 });
}

/** Dies at the write after these. */
function mortal(writes: number): Store {
  let left = writes;
  return {
    read: store.read,
    write: (work) => (left-- > 0 ? store.write(work) : Promise.reject(new Error("died"))),
    grow: (work) => store.grow(work),
    isFull: false,
    hasRoomFor: () => true,
    close: () => store.close(),
  };
}

test("a first start that dies at any of its writes is a first start again", async () => {
  for (let writes = 0; writes < 10; writes++) {
    const died = await start(mortal(writes)).then(
      () => false,
      () => true,
    );
    if (!died) break;
  }
  await start(store);
  const { username, password } = readCredentials(folder);
  const user = await userByPrincipalName.first(store.read, { user_principal_name: username ?? "" });
  expect(await verifyPassword(password ?? "", user?.password ?? "")).toBe(true);
  const accounts = await accountsAll.all(store.read, {});
  expect(accounts.map(({ tenant_id }) => tenant_id)).toEqual([user?.tenant_id]);
});

test("a second start leaves everything as it is", async () => {
  await start(store);
  const before = readCredentials(folder);
  await start(store);
  expect(readCredentials(folder)).toEqual(before);
  expect(await accountsAll.all(store.read, {})).toHaveLength(1);
});
