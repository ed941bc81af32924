/** What `src` exports, `src` uses; and each limit that is written down is tried by a test. */
import { expect, test } from "vitest";
import { contentOf, isTest, sourceFiles, trackedFiles } from "./source-files.ts";

/** Used by tests or tools alone, or by nobody yet. The list only shrinks. */
const USED_ELSEWHERE: readonly string[] = [
  // What tests and guards ask the tables.
  "src/core/management/data-plane-model.ts: managementProperties",
  "src/core/model/property-rules.ts: ruledProperties",
  "src/wire/batch/error-codes.ts: batchErrorCode",
  "src/app/directory/seed.ts: seedDirectory",
];

const code = (file: string): string => contentOf(file).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");

/** Files whose exports are taken as a whole: `import * as`, as handlers and tables of roles are gathered. */
const gathered = new Set(
  sourceFiles.flatMap((file) =>
    [...contentOf(file).matchAll(/(?:import|export) \* (?:as \w+ )?from "([^"]+)"/g)].map(
      ([, specifier = ""]) => new URL(specifier, `file:///${file}`).pathname.slice(1),
    ),
  ),
);

test("every exported value of src is used by src", () => {
  const files = sourceFiles.filter((file) => !isTest(file));
  const words = new Map<string, number>();
  for (const file of files)
    for (const word of code(file).match(/[A-Za-z_$][\w$]*/g) ?? [])
      words.set(word, (words.get(word) ?? 0) + 1);
  const unused = files
    .filter((file) => !file.endsWith(".gen.ts") && !file.startsWith("src/client/") && !gathered.has(file))
    .flatMap((file) =>
      [
        ...code(file).matchAll(
          /^export (?:async )?(?:const|function|class|let) ([A-Za-z_$][\w$]*)( = operation\()?/gm,
        ),
      ]
        .filter(([, name = "", handler]) => handler === undefined && words.get(name) === 1)
        .map(([, name]) => `${file}: ${name}`),
    )
    .filter((entry) => !/^src\/wire\/rbac\/built-in-roles\.ts: /.test(entry));
  expect(unused.sort()).toEqual([...USED_ELSEWHERE].sort());
});

/** Tried by its value: a day after a user was added, by the service's clock. The list only shrinks. */
const TRIED_BY_VALUE = ["NODE_USER_EXPIRY_DEFAULT"];

test("every limit is tried by a test", () => {
  const tests = trackedFiles
    .filter((file) => file.endsWith(".test.ts") && !file.startsWith("tests/guards/"))
    .map(contentOf)
    .join("\n");
  const limits = [...contentOf("src/wire/batch/limits.ts").matchAll(/^export const (\w+)/gm)].map(
    ([, name = ""]) => name,
  );
  expect(limits.length).toBeGreaterThan(30);
  expect(limits.filter((name) => !new RegExp(`\\b${name}\\b`).test(tests))).toEqual(TRIED_BY_VALUE);
});
