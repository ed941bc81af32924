/** Whatever the portal changes stands among its notifications: it goes on while other pages are looked at. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { repository, trackedFiles } from "./source-files.ts";

/** Mutations that change nothing: how many, in which file. */
const READS: Readonly<Record<string, number>> = {
  "portal/pages/access/check-access.tsx": 1,
  "portal/pages/accounts/keys.tsx": 1,
  "portal/pages/pools/node-token-dialog.tsx": 1,
  "portal/pages/tasks/task-files.tsx": 1,
};

test("every page names what it changes", () => {
  const pages = trackedFiles.filter((file) => /^portal\/pages\/.*\.tsx$/.test(file));
  const nameless = pages.flatMap((file) => {
    const text = readFileSync(`${repository}/${file}`, "utf8");
    const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
    const missing = count(/useMutation\(/g) - count(/meta: \{ notice: /g) - (READS[file] ?? 0);
    return missing === 0 ? [] : [`${file}: ${missing}`];
  });
  expect(nameless).toEqual([]);
});
