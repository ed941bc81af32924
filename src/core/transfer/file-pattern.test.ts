import { expect, test } from "vitest";
import { filePattern, namePattern } from "./file-pattern.ts";

const roots = {
  root: "/n",
  workingFolder: ["workitems", "j", "job-1", "t", "wd"],
  environment: new Map([
    ["AZ_BATCH_NODE_SHARED_DIR", "/n/shared"],
    ["NAME", "x"],
  ]),
};
const task = roots.workingFolder.slice(0, -1);

test.each([
  ["a", roots.workingFolder, true],
  ["./d//a", [...roots.workingFolder, "d"], true],
  ["../stdout.txt", task, true],
  ["../std*.txt", task, false],
  [`$NAME/$\{NAME}`, [...roots.workingFolder, "x"], true],
  ["$AZ_BATCH_NODE_SHARED_DIR/*", ["shared"], false],
  ["/n/shared/a", ["shared"], true],
])("%s is looked for in its folder", (text, base, isOne) => {
  expect(filePattern(text, roots)).toMatchObject({ base, isOne });
});

test.each(["../../../../../../a", "/etc/passwd", "/nn/a", "/n", "*/../a", "..", "."])(
  "%s does not lead out of the node's folder",
  (text) => {
    const found = filePattern(text, roots);
    // What is left names a folder, in which no file of that name is found.
    if (found) expect(roots.workingFolder.slice(0, found.base.length)).toEqual(found.base);
  },
);

test("** stands for folders, and at the end for all files in them", () => {
  expect(filePattern("**/**/*.txt", roots)?.steps).toHaveLength(2);
  expect(filePattern("a/**", roots)?.steps).toEqual(["**", expect.any(Function)]);
});

test.each([
  ["abc*", ["abc", "abcdef"], ["ab", "xabc"]],
  ["*.gif", ["a.gif"], [".a.gif", "a.gif2"]],
  [".*.gif", [".a.gif"], ["a.gif"]],
  ["?b", ["ab", "üb"], ["b", "aab"]],
  ["[abc][a-c]", ["ab", "cc"], ["dd", "a"]],
  ["[!abc]", ["d"], ["a"]],
  ["abc[*]", ["abc*"], ["abcd"]],
  ["a[b", ["a[b"], ["ab"]],
  ["a.c", ["a.c"], ["abc"]],
  ["*a*b", ["ab", "xaxb", "aabab"], ["ba"]],
])("%s", (text, matching, others) => {
  const pattern = namePattern(text);
  expect(matching.filter(pattern)).toEqual(matching);
  expect(others.filter(pattern)).toEqual([]);
});

test("no pattern takes long", () => {
  expect(namePattern("*a".repeat(2_000))("a".repeat(1_500))).toBe(false);
});
