/**
 * What one task has left behind, beyond all measure, and an agent that is asked to list, to find or to send it. The folder's entries are
 * made as they are read, for seven hundred thousand files are not a test's to make.
 */
import { execFileSync } from "node:child_process";
import { Dirent, mkdirSync, mkdtempSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { FileAsks } from "../../src/agent/files/file-asks.ts";
import { listFiles } from "../../src/agent/files/file-list.ts";
import { removeTree } from "../../src/agent/files/remove-tree.ts";
import { findFiles } from "../../src/agent/transfer/find-files.ts";
import { UploadReport } from "../../src/agent/transfer/upload-report.ts";
import { filePattern } from "../../src/core/transfer/file-pattern.ts";
import type { FromAgent } from "../../src/wire/agent/messages.ts";
import { eventually } from "../wire/eventually.fixture.ts";

const FILES = 700_000;
/** Of them on a page; one more is there, and no other is. */
const SHOWN = 1_000;
const MIB = 2 ** 20;
/** Of memory, for so many entries. */
const KEPT_MAX_BYTES = 24 * MIB;

let root: string;
/** How many entries a folder named `wide` has, and what becomes of them. */
const wide = { files: 0, walks: 0, walksMax: 0, onRead: (_: number) => {} };

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  async function opendir(path: string, options: object) {
    const isWide = wide.files > 0 && (await real.readlink(path)).endsWith("/wide");
    return isWide ? entries() : real.opendir(path, options);
  }
  return { ...real, default: real, opendir };
});

/** Those that a page shows are really there. */
async function* entries(): AsyncGenerator<Dirent<Buffer>> {
  wide.walksMax = Math.max(wide.walksMax, ++wide.walks);
  try {
    await setImmediate(); // as a disk has it
    for (let at = 0; at < wide.files; at++) {
      wide.onRead(at);
      const kind = { isFile: () => true, isDirectory: () => false, isSymbolicLink: () => false };
      yield Object.assign(Object.create(Dirent.prototype), { name: Buffer.from(nameOf(at)), ...kind });
    }
  } finally {
    wide.walks--;
  }
}

const nameOf = (at: number) => `f${String(at).padStart(7, "0")}`;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** What the work keeps of a wide folder at its last entry, more than at its first. Bytes. */
async function keptWhile(work: () => Promise<unknown>): Promise<number> {
  let [before, kept] = [0, 0];
  wide.files = FILES;
  wide.onRead = (at) => {
    if (at !== 0 && at !== FILES - 1) return;
    collect();
    const used = process.memoryUsage().heapUsed;
    if (before === 0) before = used;
    else kept = Math.max(kept, used - before);
  };
  await work();
  return kept;
}

const list = (limit: number) => listFiles({ root, path: "wide", recursive: true, limit });

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "batchyard-wide-")));
  mkdirSync(join(root, "wide"));
  for (let at = 0; at <= SHOWN; at++) writeFileSync(join(root, "wide", nameOf(at)), "");
});
beforeEach(() => Object.assign(wide, { files: 0, walksMax: 0, onRead: () => {} }));
afterAll(() => {
  wide.files = 0;
  return removeTree(root);
});

test("a page of a folder with hundreds of thousands of files takes the agent's memory", async () => {
  const kept = await keptWhile(async () => expect((await list(SHOWN)).entries).toHaveLength(SHOWN));
  expect(kept).toBeLessThan(KEPT_MAX_BYTES);
});

test("a folder with more files than anybody reads keeps the agent reading", async () => {
  wide.files = 2_500_000;
  let read = 0;
  wide.onRead = (at) => {
    read = at;
  };
  await expect(list(1)).rejects.toThrow("too many entries");
  expect(read).toBeLessThan(2_100_000);
});

test("a pattern that finds hundreds of thousands of files takes the agent's memory", async () => {
  const pattern = filePattern("wide/**/*", { root, workingFolder: [], environment: new Map() });
  if (!pattern) throw new Error("it leads out");
  let found = 0;
  const kept = await keptWhile(async () => {
    for await (const _ of findFiles(root, pattern)) found++;
  });
  expect(found).toBe(FILES);
  expect(kept).toBeLessThan(KEPT_MAX_BYTES);
});

test("what became of hundreds of thousands of files fills the disk", async () => {
  const report = await UploadReport.open({ root, folder: [], owner: undefined });
  const name = "x".repeat(200);
  for (let at = 0; at < 20_000; at++) {
    await report.sent(name, "https://there/");
    await report.failed(name, "no");
  }
  await report.close();
  for (const file of ["fileuploadout.txt", "fileuploaderr.txt"])
    expect(statSync(join(root, file)).size).toBeLessThanOrEqual(MIB);
});

test("lists of one node without end are all made at once, or wait without end", async () => {
  wide.files = SHOWN;
  const answers: FromAgent[] = [];
  const asks = new FileAsks({
    send: (answer) => void answers.push(answer),
    sendChunk: async () => {},
    log: () => {},
  });
  const file = { nodeKey: "1", path: "wide" };
  for (let id = 0; id < 600; id++)
    asks.ask({ t: "file.ask", id, file, ask: { op: "list", recursive: true, limit: 1 } }, root);
  await eventually("all answers", async () => answers.length === 600);
  expect(answers.filter(({ t }) => t === "file.error")).toHaveLength(100);
  expect(answers.filter(({ t }) => t === "file.list")).toHaveLength(500);
  expect(wide.walksMax).toBeLessThanOrEqual(4);
});

test("names longer than any that can be asked for fill pages", async () => {
  const script = 'for (1..20) { mkdir "n" x 250; chdir "n" x 250 or die }';
  mkdirSync(join(root, "long"));
  execFileSync("perl", ["-e", script], { cwd: join(root, "long") });
  const { entries } = await listFiles({ root, path: "long", recursive: true, limit: 1_000 });
  expect(entries).toHaveLength(13);
});
