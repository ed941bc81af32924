import { expect, test } from "vitest";
import { diskFullness } from "./disk-fullness.ts";

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
