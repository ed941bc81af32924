/** What belongs to one machine or one workplace stays out of the repository. */
import { expect, test } from "vitest";
import { contentOf, trackedFiles } from "./source-files.ts";

// Spelled in pieces, so that this file does not find itself.
const FORBIDDEN = [
  ["an absolute path of a work folder", new RegExp(`(^|[^\\w.])/${"work"}/(main|shared|\\.)`)],
  [
    "the folder of the API descriptions",
    new RegExp(`shared/${"specs"}|shared/${"design"}|shared/${"seeds"}`),
  ],
  ["a home folder", new RegExp(`/${"home"}/(?!user\\b)\\w+/\\w|/${"root"}/\\.\\w`)],
  [
    "a package registry's host",
    new RegExp(`registry\\.npmjs|${"arti"}factory|jfrog\\.io|pkgs\\.dev\\.azure`),
  ],
] as const;

/** CI's script finds the descriptions beside the checkout, where there are any; users never run it. */
const EXEMPT = new Set([".ci/run"]);
const BINARY = /\.(png|ico|woff2?|tgz|gz)$/;

test.each(FORBIDDEN)("no file names %s", (_, pattern) => {
  const found = trackedFiles.filter(
    (file) => !BINARY.test(file) && !EXEMPT.has(file) && pattern.test(contentOf(file)),
  );
  expect(found).toEqual([]);
});

const PACKAGES = ["", "portal/"];

test.each(PACKAGES)("the lock file %spackage-lock.json says what to install, not from where", (folder) => {
  expect(contentOf(`${folder}package-lock.json`)).not.toContain('"resolved"');
});

test.each(PACKAGES)("%s.npmrc names no registry, and keeps addresses out of the lock file", (folder) => {
  expect(contentOf(`${folder}.npmrc`)).not.toMatch(/^\s*(\S+:)?(registry|_auth\w*)\s*=/im);
  expect(contentOf(`${folder}.npmrc`)).toContain("omit-lockfile-registry-resolved=true");
});
