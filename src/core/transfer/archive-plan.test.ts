import { expect, test } from "vitest";
import {
  ARCHIVE_CONTENT_MAX,
  ARCHIVE_ENTRIES_MAX,
  ARCHIVE_RATIO_MAX,
  type ArchiveEntry,
  ArchiveProblem,
  archivePlan,
} from "./archive-plan.ts";

const UNIX_FILE = 0o100644;
let position = 0;

/** Each lies behind the one before it. */
function entry(name: string, change: Partial<ArchiveEntry> & { mode?: number } = {}): ArchiveEntry {
  const { mode = UNIX_FILE, ...rest } = change;
  const headerStart = position;
  position += 100;
  const externalAttributes = (mode << 16) >>> 0;
  const sizes = { compressedSize: 10, size: name.endsWith("/") ? 0 : 10 };
  return {
    name,
    flags: 0,
    method: 8,
    ...sizes,
    externalAttributes,
    headerStart,
    dataStart: headerStart + 30,
    ...rest,
  };
}

const facts = { archiveSize: 1_000_000, freeSpace: 1e12 };
const planOf = (...entries: ArchiveEntry[]) => archivePlan(entries, facts);
const FOLDER = { mode: 0o040755 };

test("permissions stay, set-user-id and its like go; everyone may read, and execute what anyone may", () => {
  const modes = [0o100644, 0o100600, 0o104755, 0o107777, 0o100700, 0o100641].map((mode) =>
    entry(`f${mode}`, { mode }),
  );
  expect(planOf(...modes).map(({ mode }) => mode.toString(8))).toEqual([
    "644",
    "644",
    "755",
    "777",
    "755",
    "755",
  ]);
});

test("an archive that tells no permissions lets everyone execute", () => {
  expect(planOf(entry("setup.sh", { externalAttributes: 0x20 }))).toMatchObject([
    { names: ["setup.sh"], mode: 0o755 },
  ]);
});

test("names come apart, whatever their alphabet; folders may come late, twice or not at all", () => {
  const plan = planOf(
    entry("./", FOLDER),
    entry("bin/größe.txt"),
    entry("bin/", FOLDER),
    entry("bin/", { externalAttributes: 0x10 }),
    entry("deep//./er/x"),
  );
  expect(plan.map(({ names, isFolder }) => [names.join("|"), isFolder])).toEqual([
    ["", true],
    ["bin|größe.txt", false],
    ["bin", true],
    ["bin", true],
    ["deep|er|x", false],
  ]);
});

test.each([
  ["an absolute name", [entry("/etc/passwd")], "lie within"],
  ["a way out", [entry("a/../../x")], "lie within"],
  ["a way out at the end", [entry("a/..", FOLDER)], "lie within"],
  ["a backslash", [entry("a\\b")], "lie within"],
  ["a drive's letter", [entry("C:x")], "lie within"],
  ["a control character", [entry("a\nb")], "lie within"],
  ["a NUL", [entry("a\0b")], "lie within"],
  ["no name", [entry("")], "lie within"],
  ["too long a name", [entry("ä".repeat(128))], "too long"],
  ["a link", [entry("a", { mode: 0o120777 })], "neither a file nor a folder"],
  ["a block device", [entry("a", { mode: 0o060644 })], "neither a file nor a folder"],
  ["a character device", [entry("a", { mode: 0o020644 })], "neither a file nor a folder"],
  ["a pipe", [entry("a", { mode: 0o010644 })], "neither a file nor a folder"],
  ["a socket", [entry("a", { mode: 0o140644 })], "neither a file nor a folder"],
  ["a folder in a file's dress", [entry("a", FOLDER)], "a file and a folder"],
  ["a folder with content", [entry("a/", { ...FOLDER, size: 1 })], "folder with content"],
  ["a password", [entry("a", { flags: 1 })], "encrypted"],
  ["strong encryption", [entry("a", { flags: 0x40 })], "encrypted"],
  ["masked headers", [entry("a", { flags: 0x2000 })], "encrypted"],
  ["another method", [entry("a", { method: 12 })], "deflate"],
  ["one file twice", [entry("a/b"), entry("a/./b")], "two entries"],
  ["a path through a file", [entry("a"), entry("a/b")], "a file and a folder"],
  ["a folder of a file's name", [entry("a/b"), entry("a/b/", FOLDER)], "a file and a folder"],
  [
    "shared bytes",
    [entry("a", { headerStart: 5, dataStart: 35 }), entry("b", { headerStart: 20, dataStart: 50 })],
    "overlaps",
  ],
  [
    "the same bytes",
    [entry("a", { headerStart: 5, dataStart: 35 }), entry("b", { headerStart: 5, dataStart: 35 })],
    "overlaps",
  ],
] as const)("%s is refused", (_what, entries, told) => {
  const plan = () => archivePlan(entries, facts);
  expect(plan).toThrow(ArchiveProblem);
  expect(plan).toThrow(told);
});

test("too many entries, too much content, too good a compression and too small a disk are refused", () => {
  const many = Array.from({ length: ARCHIVE_ENTRIES_MAX + 1 }, (_, at) => entry(String(at)));
  expect(() => archivePlan(many, facts)).toThrow("more than 100000 entries");
  expect(archivePlan(many.slice(1), facts)).toHaveLength(ARCHIVE_ENTRIES_MAX);

  const half = ARCHIVE_CONTENT_MAX / 2;
  const large = [entry("a", { size: half }), entry("b", { size: half })];
  const archiveSize = ARCHIVE_CONTENT_MAX / ARCHIVE_RATIO_MAX;
  expect(archivePlan(large, { archiveSize, freeSpace: ARCHIVE_CONTENT_MAX })).toHaveLength(2);
  expect(() => archivePlan([...large, entry("c")], { archiveSize, freeSpace: 1e12 })).toThrow(
    "unpacks to more than",
  );
  expect(() => archivePlan(large, { archiveSize: archiveSize - 1, freeSpace: 1e12 })).toThrow(
    "200 times its size",
  );
  expect(() => archivePlan(large, { archiveSize, freeSpace: ARCHIVE_CONTENT_MAX - 1 })).toThrow("no room");
  const small = [entry("zeros", { size: 64 * 1024 ** 2 })];
  expect(archivePlan(small, { archiveSize: 100, freeSpace: 1e12 })).toHaveLength(1);
});
