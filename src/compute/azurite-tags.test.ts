import { expect, test } from "vitest";
import { findTaggedWhole, pageOf, type TaggedBlob } from "./azurite-tags.ts";

const blobs = ["b/z", "a/z", "a/é b", "b/a", "c/z"].map((path): TaggedBlob => {
  const [containerName = "", name = ""] = path.split("/");
  return { containerName, name };
});

test.each([1, 2, 3, 5, 9])("pages of %i bring each blob once, in one order", (size) => {
  const seen: string[] = [];
  let marker = "";
  do {
    const [page, next] = pageOf(blobs, size, marker);
    expect(page.length).toBeLessThanOrEqual(size);
    seen.push(...page.map(({ containerName, name }) => `${containerName}/${name}`));
    marker = next;
  } while (marker !== "");
  expect(seen).toEqual(["a/é b", "a/z", "b/a", "b/z", "c/z"]);
});

test("the store is asked for all that fit, whatever the page's size", async () => {
  const asked: unknown[] = [];
  const find = findTaggedWhole(async (...words) => {
    asked.push(words.slice(3));
    return [[...blobs], ""];
  });
  const [page, next] = await find({}, "account", undefined, "a='b'", 2, "");
  expect([page.length, next, asked]).toEqual([2, "a/z", [["a='b'", Number.MAX_SAFE_INTEGER, ""]]]);
});
