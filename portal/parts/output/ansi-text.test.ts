import { expect, test } from "vitest";
import { ansiSpans } from "./ansi-text.ts";

const looks = (text: string) => ansiSpans(text).map(({ text: part, look }) => [part, look]);

test("colours and bold come out as looks", () => {
  expect(looks("a\u001b[1;31mb\u001b[0mc\u001b[92md")).toEqual([
    ["a", ""],
    ["b", "bold red"],
    ["c", ""],
    ["d", "green"],
  ]);
});

test("titles, links, cursor movements and bells are left out", () => {
  expect(looks("\u001b]0;a title\u0007x\u001b]8;;javascript:alert(1)\u001b\\y\u001b[2Jz\u0007")).toEqual([
    ["x", ""],
    ["y", ""],
    ["z", ""],
  ]);
});

test("a line that is overwritten shows its last state", () => {
  expect(looks("10%\r20%\r30%\nend\r\n")).toEqual([["30%\nend\n", ""]]);
});

test("markup stays text", () => {
  expect(looks("<img src=x onerror=alert(1)>")).toEqual([["<img src=x onerror=alert(1)>", ""]]);
});

test("a sequence without an end, and many of them, cost no more than their length", () => {
  const hostile = "\u001b]".repeat(100_000);
  const before = process.threadCpuUsage();
  ansiSpans(hostile);
  ansiSpans("\u001b[31mx".repeat(100_000));
  const { user, system } = process.threadCpuUsage(before);
  expect((user + system) / 1_000, "milliseconds of its thread").toBeLessThan(2_000);
});
