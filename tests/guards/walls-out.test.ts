/** Every wall that `npm run walls-out` takes out stands where the list says, and what is to win then is tried by a test. */
import { stripTypeScriptTypes } from "node:module";
import { expect, test } from "vitest";
import type { Wall } from "../../tools/walls-out/wall.ts";
import { WALLS } from "../../tools/walls-out/walls.ts";
import { contentOf } from "./source-files.ts";

function mutated(file: string, { edits }: Wall): string {
  return edits
    .filter((edit) => edit.file === file)
    .reduce((text, { from, to }) => text.replace(from, () => to), contentOf(file));
}

/** Of docs/security.md. */
const FINDINGS = [...contentOf("docs/security.md").matchAll(/^\| (\d+): /gm)].map(([, number]) =>
  Number(number),
);

test("every finding has a wall that can be taken out", () => {
  expect([...new Set(WALLS.map(({ finding }) => finding))]).toEqual(FINDINGS);
});

test.each(WALLS.map((wall) => [wall.without, wall] as const))(
  "without %s: it is where the list says",
  (_, wall) => {
    expect(wall.edits).not.toEqual([]);
    for (const { file, from, to } of wall.edits) {
      expect([file, contentOf(file).split(from).length - 1]).toEqual([file, 1]);
      expect(to).not.toBe(from);
    }
    // Otherwise it is the fault in the text that wins.
    for (const file of new Set(wall.edits.map(({ file }) => file).filter((file) => file.endsWith(".ts"))))
      expect(() => stripTypeScriptTypes(mutated(file, wall))).not.toThrow();
    // Titles of `test.each` are told apart by what they begin with.
    const tried = contentOf(wall.attacks).replaceAll('\\"', '"');
    const beginning = (title: string) => title.slice(0, 24);
    expect(wall.wins.filter((title) => !tried.includes(`"${beginning(title)}`))).toEqual([]);
  },
);
