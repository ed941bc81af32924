import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { listFiles } from "./file-list.ts";
import { removeTree } from "./remove-tree.ts";

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "batchyard-list-")));
});
afterEach(() => removeTree(root));

/** All pages' names, in order, and how many pages there were. */
async function pages(limit: number): Promise<{ names: string[]; pages: number }> {
  const names: string[] = [];
  for (let count = 1; ; count++) {
    const after = names.at(-1);
    const { entries, more } = await listFiles({
      root,
      path: "",
      recursive: true,
      limit,
      ...(after && { after }),
    });
    names.push(...entries.map(({ name }) => name));
    if (!more) return { names, pages: count };
  }
}

const inByteOrder = (names: readonly string[]) =>
  [...names].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));

test("more entries than are kept at a time come once each, in order, page by page", async () => {
  const wanted: string[] = [];
  for (let number = 0; number < 2_500; number++) wanted.push(`f${number}`);
  for (const folder of ["f10", "é", "z/y"]) {
    mkdirSync(join(root, `${folder}-`), { recursive: true });
    wanted.push(`${folder}-`, `${folder}-/x`);
  }
  wanted.push("z");
  for (const name of wanted.filter((name) => !["f10-", "é-", "z/y-", "z"].includes(name)))
    writeFileSync(join(root, name), "");
  const found = await pages(700);
  expect(found.names).toEqual(inByteOrder(wanted));
  expect(found.pages).toBe(4);
});

test("a folder as deep as a task likes is listed to a depth, with few descriptors, in pages of few bytes", async () => {
  const script = 'for (1..600) { open F, ">f"; mkdir "d" x 30; chdir "d" x 30 or die }';
  execFileSync("perl", ["-e", script], { cwd: root });
  const before = readdirSync("/proc/self/fd").length;
  const first = await listFiles({ root, path: "", recursive: true, limit: 1_000 });
  expect(Buffer.byteLength(JSON.stringify(first))).toBeLessThan(300 * 1024);
  const { names } = await pages(1_000);
  expect(names).toHaveLength(2 * 101);
  expect(Math.max(...names.map((name) => name.length))).toBeLessThan(3_500);
  expect(readdirSync("/proc/self/fd").length).toBe(before);
});

test("a page ends where its bytes do, and the next one goes on", async () => {
  const wanted = Array.from(
    { length: 900 },
    (_, number) => `${String(number).padStart(4, "0")}${"\u0001".repeat(240)}`,
  );
  for (const name of wanted) writeFileSync(join(root, name), "");
  const found = await pages(1_000);
  expect(found.names).toEqual(wanted);
  expect(found.pages).toBeGreaterThan(5);
});

test("times that no calendar has are shown as the nearest that one has", async () => {
  writeFileSync(join(root, "old"), "");
  execFileSync("touch", ["-d", "@-1000000", join(root, "old")]);
  const { entries } = await listFiles({ root, path: "", recursive: false, limit: 10 });
  expect(entries[0]?.lastModified).toBe("1970-01-01T00:00:00.000Z");
});

test("whoever does not wait any more is not walked for", async () => {
  for (let number = 0; number < 10; number++) writeFileSync(join(root, `f${number}`), "");
  const listing = listFiles({ root, path: "", recursive: true, limit: 10, isCancelled: () => true });
  await expect(listing).rejects.toThrow("Nobody waits");
});
