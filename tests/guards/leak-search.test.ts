/** Whoever starts a service in a test looks for secrets in its log and folder when it ends. */
import { expect, test } from "vitest";
import { importsOf, trackedFiles } from "./source-files.ts";

const STARTS = ["src/main.ts", "src/planes/entra/entra-plane.ts"];
const SEARCH = "tests/wire/leak-search.fixture.ts";

test("services are started by fixtures that search for leaks", () => {
  const starting = trackedFiles.filter(
    (file) => file.startsWith("tests/") && importsOf(file).some((from) => STARTS.includes(from)),
  );
  expect(starting.length).toBeGreaterThan(2);
  expect(starting.filter((file) => !importsOf(file).includes(SEARCH))).toEqual([]);
});
