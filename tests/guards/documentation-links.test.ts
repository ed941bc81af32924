/** Every link of the documentation that leads into the repository leads to something. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { contentOf, repository, trackedFiles } from "./source-files.ts";

const LINK = /\]\(([^()\s]+)\)/g;

test("links between the pages lead somewhere", () => {
  const broken = trackedFiles
    .filter((file) => file.endsWith(".md"))
    .flatMap((file) =>
      [...contentOf(file).matchAll(LINK)]
        .map(([, target = ""]) => target.split("#")[0] ?? "")
        .filter((target) => target !== "" && !/^[a-z]+:/.test(target))
        .filter((target) => !existsSync(join(repository, dirname(file), target)))
        .map((target) => `${file}: ${target}`),
    );
  expect(broken).toEqual([]);
});

/** What `where-things-are.md` and the how-to pages name in backquotes. */
const NAMED = /`((?:src|tests|tools|portal|native|docs)\/[\w./-]+\.(?:ts|tsx|c|md|sh))`/g;

test("the pages that say where things are name files that are there", () => {
  const pages = trackedFiles.filter((file) =>
    /^(docs\/how-to\/|docs\/where-|CONTRIBUTING|ARCHITECTURE).*\.md$/.test(file),
  );
  const missing = pages.flatMap((file) =>
    [...contentOf(file).matchAll(NAMED)]
      .filter(([, named = ""]) => !existsSync(join(repository, named)))
      .map(([, named]) => `${file}: ${named}`),
  );
  expect(pages.length).toBeGreaterThan(5);
  expect(missing).toEqual([]);
});

test("a decision's number is its own", () => {
  const numbers = trackedFiles.flatMap((file) => /^docs\/decisions\/(\d{4})-/.exec(file)?.[1] ?? []);
  expect(numbers.length).toBeGreaterThan(30);
  expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([]);
});
