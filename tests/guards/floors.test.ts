/**
 * The floors of `app/`, and no circles anywhere: a use case knows what lies below it. Types count as much as values, for a reader
 * follows both. `main.ts` and tests stand above everything.
 */
import { expect, test } from "vitest";
import { circles } from "./import-circles.ts";
import { contentOf, importsOf, isTest, sourceFiles, trackedFiles } from "./source-files.ts";

/** From the ground up; a floor may use those below it. Where one has several folders, they do not know each other. */
const FLOORS: readonly (readonly string[])[] = [
  ["ports", "write-slice.ts"],
  ["secrets"],
  ["directory"],
  ["records.ts"],
  ["access", "accounts", "sign-in"],
  ["subscriptions", "versions"],
  ["identities", "certificates", "storage"],
  ["app.ts"],
  ["applications"],
  ["usage"],
  ["pools"],
  ["nodes"],
  ["jobs", "tasks"],
  ["schedules", "node-life"],
  ["management"],
  ["seed"],
];

/** A job's tasks end it, and its manager, preparation and release are tasks: the two folders are one floor, without a circle of files. */
const NEIGHBOURS = ["jobs", "tasks"];

const floorOf = (room: string): number => FLOORS.findIndex((rooms) => rooms.includes(room));

/** The folder below `app/`, or the file that lies in `app/` itself. */
function roomOf(file: string): string | undefined {
  return /^src\/app\/([^/]+)/.exec(file)?.[1];
}

function isUpward(room: string, imported: string): boolean {
  if (room === imported) return false;
  if (NEIGHBOURS.includes(room) && NEIGHBOURS.includes(imported)) return false;
  return floorOf(imported) >= floorOf(room);
}

const sources = sourceFiles.filter((file) => !isTest(file));

test("every room of app/ stands on a floor", () => {
  const rooms = new Set(sources.map(roomOf).filter((room) => room !== undefined));
  expect([...rooms].filter((room) => floorOf(room) < 0)).toEqual([]);
});

test("no use case knows what lies above it or beside it", () => {
  const upward = sources.flatMap((file) => {
    const room = roomOf(file);
    if (room === undefined) return [];
    return importsOf(file)
      .filter((imported) => isUpward(room, roomOf(imported) ?? room))
      .map((imported) => `${file} -> ${imported}`);
  });
  expect(upward).toEqual([]);
});

test.each([
  ["the sources", sources],
  ["the bench", trackedFiles.filter((file) => /^bench\/.*\.ts$/.test(file))],
])("%s import in no circle", (_, files) => {
  expect(circles(new Map(files.map((file) => [file, importsOf(file)])))).toEqual([]);
});

/** A part of the node's init is a C file and the header of its name: it calls what the headers it includes declare. */
test("the parts of the node's init call each other in no circle", () => {
  const calls = new Map<string, string[]>();
  for (const file of trackedFiles) {
    const part = /^native\/(?:sandbox\/)?([\w-]+)\.[ch]$/.exec(file)?.[1];
    if (part === undefined) continue;
    const content = contentOf(file);
    if (file.endsWith(".c")) expect(content, `${file} declares what is another's`).not.toMatch(/^extern /m);
    const included = [...content.matchAll(/^#include "(?:sandbox\/)?([\w-]+)\.h"/gm)].map(
      ([, name]) => name as string,
    );
    calls.set(part, [...(calls.get(part) ?? []), ...included.filter((name) => name !== part)]);
  }
  expect(calls.size).toBeGreaterThan(10);
  expect(circles(calls)).toEqual([]);
});

test("a circle and an arrow upward would be seen", () => {
  const graph = new Map([
    ["a", ["b"]],
    ["b", ["c", "outside"]],
    ["c", ["a"]],
    ["d", ["a"]],
  ]);
  expect(circles(graph)).toEqual([["a", "b", "c"]]);
  expect(isUpward("pools", "management")).toBe(true);
  expect(isUpward("certificates", "storage")).toBe(true);
  expect(isUpward("management", "pools")).toBe(false);
});
