import { expect, test } from "vitest";
import { computedMs } from "../computed-time.fixture.ts";
import { readListing } from "./container-listing.ts";

const listing = (inner: string) => `<?xml version="1.0"?><EnumerationResults>${inner}</EnumerationResults>`;

test("names, lengths and the next page are read", () => {
  const blob = (name: string) =>
    `<Blob>${name}<Properties><Content-Length>12</Content-Length></Properties></Blob>`;
  const xml = listing(
    `<Blobs>${blob("<Name>a/&lt;b&gt; &amp;amp;&#x41;&#66;</Name>")}${blob('<Name Encoded="true">c%00d</Name>')}</Blobs><NextMarker>2!x&amp;</NextMarker>`,
  );
  expect(readListing(xml)).toEqual({
    blobs: [
      { name: "a/<b> &amp;AB", length: 12 },
      { name: "c\0d", length: 12 },
    ],
    nextMarker: "2!x&",
  });
});

test("an empty container has no next page", () => {
  expect(readListing(listing("<Blobs /><NextMarker />"))).toEqual({ blobs: [] });
});

test.each([
  "",
  "<html></html>",
  `<!DOCTYPE x [<!ENTITY e "e">]>${listing("")}`,
  listing("<Blobs><Blob></Blob></Blobs>"),
])("%j is no listing", (xml) => expect(() => readListing(xml)).toThrow());

test.each([
  ["blobs that never end", "<Blob>".repeat(300_000)],
  ["names that never end", `<Blob>${"<Name ".repeat(300_000)}</Blob>`],
  ["names within names", `<Blob>${"<Name>".repeat(300_000)}</Blob>`],
  ["markers that never end", "<NextMarker>".repeat(150_000)],
  ["more blobs than a page has", "<Blob><Name>a</Name></Blob>".repeat(70_000)],
])("a hostile listing takes no longer than its length: %s", (_, text) => {
  const read = () => {
    try {
      readListing(`<EnumerationResults>${text}`);
    } catch {
      // That it is none is well.
    }
  };
  expect(computedMs(read)).toBeLessThan(1_000);
});
