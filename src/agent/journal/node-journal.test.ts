import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { NodeJournal } from "./node-journal.ts";

let folder: string;
let journal: NodeJournal;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "batchyard-journal-"));
  journal = new NodeJournal(join(folder, "7"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const files = () => readdirSync(journal.folder).sort();
const contentOf = (name: string) => readFileSync(join(journal.folder, name), "utf8");

test("what is noted stands in a file that only the agent's user reads, a line each", async () => {
  journal.note("one\nand more", new Date("2026-12-01T10:00:00.123Z"));
  journal.note("two", new Date("2026-12-01T10:00:01.000Z"));
  await journal.written();
  expect(files()).toEqual(["agent-debug.20261201T100000123Z.log"]);
  expect(contentOf(files()[0] ?? "")).toBe(
    "2026-12-01T10:00:00.123Z one and more\n2026-12-01T10:00:01.000Z two\n",
  );
  expect(statSync(journal.folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(journal.folder, files()[0] ?? "")).mode & 0o777).toBe(0o600);
});

test("the next agent goes on where the one before was", async () => {
  journal.note("before");
  await journal.written();
  const next = new NodeJournal(join(folder, "7"));
  next.note("after");
  await next.written();
  expect(files()).toHaveLength(1);
  expect(contentOf(files()[0] ?? "")).toMatch(/before\n.*after\n$/s);
});

test("it keeps four files of a mebibyte, the newest", async () => {
  const text = "x".repeat(4_000);
  for (let file = 0; file < 6; file++)
    for (let piece = 0; piece < 5; piece++) {
      for (let line = 0; line < 60; line++)
        journal.note(text, new Date(Date.UTC(2026, 11, 1 + file, piece, 0, line)));
      await journal.written();
    }
  expect(files()).toHaveLength(4);
  expect(files()[3]).toMatch(/^agent-debug\.20261206T/);
  for (const name of files())
    expect(statSync(join(journal.folder, name)).size).toBeLessThan(1.3 * 1024 * 1024);
});

test("lines that come faster than they are written are counted, and not kept without end", async () => {
  for (let line = 0; line < 1_000; line++) journal.note("y".repeat(4_000));
  await journal.written();
  expect(contentOf(files()[0] ?? "")).toMatch(/ \d+ lines are left out\n$/);
  expect(statSync(join(journal.folder, files()[0] ?? "")).size).toBeLessThan(300 * 1024);
});

test("a time span finds the files with a line in it", async () => {
  journal.note("old", new Date("2026-11-01T00:00:00Z"));
  await journal.written();
  const now = Date.now();
  expect(await journal.within(0, now)).toHaveLength(1);
  expect(await journal.within(0, Date.parse("2026-10-31T23:59:59Z"))).toEqual([]);
  expect(await journal.within(now + 60_000, Number.POSITIVE_INFINITY)).toEqual([]);
  await journal.remove();
  expect(await journal.within(0, now)).toEqual([]);
});
