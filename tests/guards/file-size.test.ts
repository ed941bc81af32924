/** The house measures of file size and file names. */
import { expect, test } from "vitest";
import { contentOf, trackedFiles } from "./source-files.ts";

const HAND_WRITTEN = /^(src|native|tests|tools|bench|examples|portal)\/.*\.(ts|tsx|js|mjs|c|h|sh)$/;
const MAX_LINES = 600;
const DRAWERS = /^(utils?|helpers?|common|lib|misc|shared)(\.|$)/i;

const files = trackedFiles.filter((file) => HAND_WRITTEN.test(file) && !file.endsWith(".gen.ts"));

test(`no hand-written file is longer than ${MAX_LINES} lines`, () => {
  const long = files.map((file) => [file, contentOf(file).split("\n").length - 1] as const);
  expect(long.filter(([, lines]) => lines > MAX_LINES)).toEqual([]);
});

test("no folder or file is a drawer", () => {
  expect(files.filter((file) => file.split("/").some((part) => DRAWERS.test(part)))).toEqual([]);
});

test("file names are kebab-case", () => {
  const odd = files.filter(
    (file) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)+$/.test(file.split("/").at(-1) ?? ""),
  );
  expect(odd).toEqual([]);
});

const MAX_FILES = 25;

test(`no folder of sources holds more than ${MAX_FILES} files, their tests not counted`, () => {
  const sources = files.filter(
    (file) => /^(src|native|portal)\//.test(file) && !/\.(test|fixture)\./.test(file),
  );
  const folders = Object.entries(Object.groupBy(sources, (file) => file.slice(0, file.lastIndexOf("/"))));
  expect(folders.filter(([, held = []]) => held.length > MAX_FILES).map(([folder]) => folder)).toEqual([]);
});
