import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ArchiveProblem } from "../../core/transfer/archive-plan.ts";
import { unpack } from "./unpack.ts";
import { FILE, FOLDER, PROGRAM, type ZipEntry, zip } from "./zip.fixture.ts";

let parent: string;
beforeAll(() => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), "batchyard-unpack-")));
});
afterAll(() => rmSync(parent, { recursive: true }));

/** @returns the folder that it was unpacked to */
async function unpacked(bytes: Buffer, signal = new AbortController().signal): Promise<string> {
  const folder = mkdtempSync(join(parent, "to-"));
  const path = `${folder}.zip`;
  writeFileSync(path, bytes);
  const archive = await open(path);
  try {
    await unpack(archive, { folder, owner: undefined, signal });
  } finally {
    await archive.close();
  }
  return folder;
}

test.each([false, true])(
  "files, folders, programs and names of every alphabet come as they were; zip64: %s",
  async (isZip64) => {
    const large = Buffer.alloc(3_000_000, "0123456789abcdef");
    const entries: ZipEntry[] = [
      { name: "empty/", mode: FOLDER },
      { name: "nothing" },
      { name: "bin/run.sh", content: "#!/bin/sh\n", mode: PROGRAM },
      { name: "bin/root.sh", content: "#!/bin/sh\n", mode: 0o104755 },
      { name: "daten/größe 中文.bin", content: large },
      { name: "stored", content: "as it is", isStored: true, mode: undefined },
    ];
    const folder = await unpacked(zip(entries, { isZip64 }));
    const mode = (name: string) => (statSync(join(folder, name)).mode & 0o7777).toString(8);
    expect(readdirSync(folder, { recursive: true }).map(String).sort()).toEqual(
      [
        "bin",
        "bin/root.sh",
        "bin/run.sh",
        "daten",
        "daten/größe 中文.bin",
        "empty",
        "nothing",
        "stored",
      ].sort(),
    );
    expect(["bin/run.sh", "bin/root.sh", "nothing", "stored", "empty"].map(mode)).toEqual([
      "755",
      "755",
      "644",
      "755",
      "755",
    ]);
    expect(readFileSync(join(folder, "daten/größe 中文.bin")).equals(large)).toBe(true);
    expect(readFileSync(join(folder, "stored"), "utf8")).toBe("as it is");
  },
);

test.each<[string, () => Buffer, string]>([
  ["no archive", () => Buffer.from("this is no archive"), "It is no zip archive"],
  ["an empty file", () => Buffer.alloc(0), "It is no zip archive"],
  ["half an archive", () => zip([{ name: "a", content: "a" }]).subarray(0, 40), "It is no zip archive"],
  ["a way out", () => zip([{ name: "../../out", content: "x" }]), "invalid relative path"],
  ["an absolute name", () => zip([{ name: "/tmp/out", content: "x" }]), "absolute path"],
  ["a backslash", () => zip([{ name: "..\\out", content: "x" }]), "invalid characters"],
  ["a link", () => zip([{ name: "l", content: "/etc/passwd", mode: 0o120777 }]), "neither a file"],
  [
    "a file through a link",
    () =>
      zip([
        { name: "l", content: "/tmp", mode: 0o120777 },
        { name: "l/out", content: "x" },
      ]),
    "neither a file",
  ],
  ["a password", () => zip([{ name: "a", content: "x", flags: 1 }]), "encrypted"],
  [
    "one name twice",
    () =>
      zip([
        { name: "a", content: "1" },
        { name: "a", content: "2" },
      ]),
    "two entries",
  ],
  [
    "shared bytes",
    () =>
      zip([
        { name: "a", content: "1" },
        { name: "b", content: "1", sharesDataOf: 0 },
      ]),
    "overlaps",
  ],
  ["more than it says", () => zip([{ name: "a", content: Buffer.alloc(100_000), size: 10 }]), "broken"],
  ["less than it says", () => zip([{ name: "a", content: "1", size: 10 }]), "broken"],
  ["another checksum", () => zip([{ name: "a", content: "1", crc: 7 }]), "checksum"],
  [
    "bytes that do not inflate",
    () => zip([{ name: "a", content: "\xff\xff\xff", isStored: true, method: 8 }]),
    "broken",
  ],
  [
    "too many entries",
    () => zip([{ name: "a" }], { isZip64: true, entryCount: 4_000_000_000 }),
    "more than 100000",
  ],
  ["more entries than there are", () => zip([{ name: "a" }], { entryCount: 7 }), "cannot be read"],
  ["a bomb", () => zip([{ name: "a", content: Buffer.alloc(80 * 1024 ** 2) }]), "200 times"],
  [
    "a bomb that hides",
    () => zip([{ name: "a", content: Buffer.alloc(80 * 1024 ** 2), size: 1_000 }]),
    "broken",
  ],
])("%s is refused, and nothing comes to lie outside", async (_what, bytes, told) => {
  const refusal = await unpacked(bytes()).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(ArchiveProblem);
  expect((refusal as Error).message).toContain(told);
  const besides = readdirSync(parent).filter((name) => !name.startsWith("to-"));
  expect([...besides, ...readdirSync(tmpdir())]).not.toContain("out");
});

test("a link that stands where it unpacks is not followed", async () => {
  const folder = mkdtempSync(join(parent, "planted-"));
  const elsewhere = mkdtempSync(join(parent, "elsewhere-"));
  symlinkSync(elsewhere, join(folder, "bin"));
  const path = `${folder}.zip`;
  writeFileSync(path, zip([{ name: "bin/x", content: "x", mode: FILE }]));
  const archive = await open(path);
  const { signal } = new AbortController();
  await expect(unpack(archive, { folder, owner: undefined, signal })).rejects.toThrow();
  await archive.close();
  expect(readdirSync(elsewhere)).toEqual([]);
});

test("it stops when it is not wanted any more", async () => {
  const stop = new AbortController();
  stop.abort(new Error("not wanted"));
  await expect(unpacked(zip([{ name: "a", content: "1" }]), stop.signal)).rejects.toThrow("not wanted");
});
