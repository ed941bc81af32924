import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSqliteStore } from "./sqlite-store.ts";
import { row, statement } from "./statement.ts";
import type { Store } from "./store.ts";

let folder: string;
let store: Store;

const settingPut = statement<{ name: string; value: string }>()((db, p) =>
  db.insertInto("setting").values(row(p, "name", "value")),
);
const settingGet = statement<{ name: string }>()((db, p) =>
  db.selectFrom("setting").selectAll().where("name", "=", p.name),
);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "store-"));
  store = await openSqliteStore(join(folder, "state.db"));
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

test("a write is read back after it resolves, and the file is private", async () => {
  await store.write((c) => settingPut.run(c, { name: "a", value: "1" }));
  expect((await settingGet.first(store.read, { name: "a" }))?.value).toBe("1");
  expect(statSync(join(folder, "state.db")).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, "state.db-wal")).mode & 0o777).toBe(0o600);
});

test("works of one commit see each other, readers see none of them before the commit", async () => {
  const seenByReader: unknown[] = [];
  const first = store.write((c) => settingPut.run(c, { name: "a", value: "1" }));
  const second = store.write(async (c) => {
    seenByReader.push(await settingGet.first(store.read, { name: "a" }));
    return settingGet.first(c, { name: "a" });
  });
  await first;
  expect((await second)?.value).toBe("1");
  expect(seenByReader).toEqual([undefined]);
});

test("a read sees each commit before it, and readers do not make the log grow", async () => {
  await store.write((c) => c.query("pragma wal_autocheckpoint=10", []));
  const logSize = () => statSync(join(folder, "state.db-wal")).size;
  const before = logSize();
  for (let i = 0; i < 100; i++) {
    await store.write((c) => settingPut.run(c, { name: `${i}`, value: "x".repeat(4096) }));
    expect(await settingGet.first(store.read, { name: `${i}` })).toBeDefined();
  }
  expect(logSize()).toBeLessThan(before + 50 * 4096);
});

test("a work that throws is undone alone", async () => {
  const failed = store.write(async (c) => {
    await settingPut.run(c, { name: "a", value: "1" });
    throw new Error("no");
  });
  const kept = store.write((c) => settingPut.run(c, { name: "b", value: "2" }));
  await expect(failed).rejects.toThrow("no");
  await kept;
  expect(await settingGet.first(store.read, { name: "a" })).toBeUndefined();
  expect((await settingGet.first(store.read, { name: "b" }))?.value).toBe("2");
});

test("a full disk undoes the whole commit, is told to each of its works, and is over when there is room", async () => {
  const pages = (count: number) => store.write((c) => c.query(`pragma max_page_count=${count}`, []));
  await pages(1);
  const put = (name: string, length: number) =>
    store.write((c) => settingPut.run(c, { name, value: "x".repeat(length) }));
  const works = await Promise.allSettled([put("small", 1), put("large", 3_000_000), put("small too", 1)]);
  const present = async (name: string) => (await settingGet.first(store.read, { name })) !== undefined;
  for (const [i, name] of ["small", "large", "small too"].entries()) {
    expect(await present(name)).toBe(works[i]?.status === "fulfilled");
  }
  expect(works[1]).toMatchObject({ reason: { message: expect.stringMatching(/full/) } });

  await pages(1_000_000);
  await put("large", 3_000_000);
  expect(await present("large")).toBe(true);
});

test("a commit that cannot begin fails the works that wait for it, and no later ones", async () => {
  await store.write((c) => c.query("pragma busy_timeout=0", []));
  const other = new DatabaseSync(join(folder, "state.db"));
  other.exec("begin immediate");
  const put = (name: string) => store.write((c) => settingPut.run(c, { name, value: "1" }));
  const works = await Promise.allSettled([put("a"), put("b")]);
  expect(works).toMatchObject(
    Array(2).fill({ status: "rejected", reason: { message: expect.stringMatching(/locked/) } }),
  );
  other.close();
  await put("a");
  expect(await settingGet.first(store.read, { name: "a" })).toBeDefined();
});

test("a closed store takes no work", async () => {
  const last = store.write((c) => settingPut.run(c, { name: "a", value: "1" }));
  const closed = store.close();
  await expect(store.write((c) => settingPut.run(c, { name: "b", value: "1" }))).rejects.toThrow(/closed/);
  await expect(last).resolves.toBe(1);
  await closed;
  store = await openSqliteStore(join(folder, "state.db"));
  expect(await settingGet.first(store.read, { name: "a" })).toBeDefined();
});

test("a database of a newer program is refused", async () => {
  await store.write((c) => c.execute("insert into migration (number) values (9999)", []));
  await expect(openSqliteStore(join(folder, "state.db"))).rejects.toThrow(/newer batchyard/);
});
