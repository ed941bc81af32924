import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type DiskFull, NodeDisk } from "./node-disk.ts";

const MIB = 2 ** 20;
let nodesFolder: string;

beforeEach(() => {
  nodesFolder = mkdtempSync(join(tmpdir(), "batchyard-disk-"));
});
afterEach(() => rmSync(nodesFolder, { recursive: true }));

/** Where nodes have no disks of their own. */
function measured(bytes: number | undefined): Promise<NodeDisk> {
  const obstacle = async () => "none here";
  return NodeDisk.open({ nodesFolder, nodeKey: "1", bytes, obstacle, hasIds: false });
}

test.each(["root", "mounts"])(
  "a node that has taken more than its share, in its folder or beside it, is told of once: %s",
  async (beside) => {
    const disk = await measured(3 * MIB);
    expect(disk.root).toBe(join(nodesFolder, "1"));
    for (const folder of [disk.root, `${disk.root}.${beside}`]) {
      mkdirSync(folder);
      writeFileSync(join(folder, "file"), "x".repeat(2 * MIB));
    }
    const full = await new Promise<DiskFull>((resolve) => disk.watch(resolve));
    expect(full).toMatchObject({
      endsRuns: true,
      message: expect.stringMatching(/^The node's disk is full: \d{7} bytes are taken of 3145728\.$/),
    });
    await disk.close();
  },
);

const { files, blocks, bsize } = statfsSync(tmpdir());
const hasFiles = files > 0 && (3 * MIB * files) / (blocks * bsize) < 5_000;
if (!hasFiles) console.warn("skipped: a node's share of files (the disk here counts none, or has very many)");

test.skipIf(!hasFiles)("a node's empty files take the machine's files from all others", async () => {
  const disk = await measured(3 * MIB);
  mkdirSync(disk.root);
  for (let at = 0; at < 5_000; at++) writeFileSync(join(disk.root, `${at}`), "");
  const full = await new Promise<DiskFull>((resolve) => disk.watch(resolve));
  expect(full).toMatchObject({
    endsRuns: true,
    message: expect.stringMatching(/^The node's disk is full: 5001 files are there of \d{1,4}\.$/),
  });
  await disk.close();
});

test("a key that is no folder's name gets no disk", async () => {
  const obstacle = async () => undefined;
  const open = NodeDisk.open({ nodesFolder, nodeKey: "..", bytes: MIB, obstacle, hasIds: false });
  await expect(open).rejects.toMatchObject({ code: "InvalidNodeKey" });
});
