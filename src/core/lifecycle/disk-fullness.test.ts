import { expect, test } from "vitest";
import { diskFullness, roomForImages } from "./disk-fullness.ts";

const MIB = 2 ** 20;
const empty = { bsize: 4_096, blocks: 25_600, bavail: 25_600, files: 100, ffree: 100 };

test.each([
  ["an empty one", empty, undefined],
  ["one with a hundredth", { ...empty, bavail: 256 }, undefined],
  ["one with less", { ...empty, bavail: 255 }, `${255 * 4_096} bytes are left of ${100 * MIB}`],
  ["a large one with 64 MiB", { ...empty, blocks: 2 ** 30, bavail: (64 * MIB) / 4_096 }, undefined],
  ["one without a file to give", { ...empty, ffree: 0 }, "it has its 100 files"],
  ["one that does not count files", { ...empty, files: 0, ffree: 0 }, undefined],
])("%s is full or not", (_, disk, reason) => {
  expect(diskFullness(disk)).toBe(reason);
});

test("images leave the machine half a gigabyte, and files", () => {
  const GIB = 2 ** 30;
  const disk = {
    bsize: 4_096,
    blocks: (8 * GIB) / 4_096,
    bavail: GIB / 4_096,
    files: 4_000_000,
    ffree: 50_000,
  };
  expect(roomForImages(disk)).toBe(GIB / 2);
  expect(roomForImages({ ...disk, bavail: 0 })).toBe(-GIB / 2);
  // Ten million empty files take few bytes.
  expect(roomForImages({ ...disk, ffree: 49_999 })).toBeLessThan(0);
  expect(roomForImages({ ...disk, files: 10_000, ffree: 499 })).toBeLessThan(0);
  expect(roomForImages({ ...disk, files: 10_000, ffree: 500 })).toBe(GIB / 2);
  expect(roomForImages({ ...disk, files: 0, ffree: 0 })).toBe(GIB / 2);
});
