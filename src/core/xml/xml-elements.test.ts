import { expect, test } from "vitest";
import { computedMs } from "../computed-time.fixture.ts";
import { readXml, XmlError, xmlTexts } from "./xml-elements.ts";

function elementsOf(document: string) {
  const found: string[] = [];
  readXml(document, ({ path, text, attributes }) =>
    found.push(`${path}=${text}${JSON.stringify(attributes)}`),
  );
  return found;
}

test("children come before their parent, entities are resolved", () => {
  expect(elementsOf('<?xml version="1.0"?><a><b c="1">x &amp; &#228;</b><b/></a>')).toEqual([
    'a/b=x & ä{"c":"1"}',
    "a/b={}",
    "a={}",
  ]);
  expect(xmlTexts("<a><b>1</b><b>2</b><c>3</c></a>", ["a/b", "a/d"])).toEqual(new Map([["a/b", "1"]]));
});

test.each([
  "no document",
  "<a>",
  "<a></b>",
  "<a>&lol;</a>",
  '<!DOCTYPE a [<!ENTITY lol "lol">]><a>&lol;</a>',
  "<a/><a/>",
  `${"<a>".repeat(17)}${"</a>".repeat(17)}`,
  `<a ${Array.from({ length: 17 }, (_, at) => `b${at}=""`).join(" ")}/>`,
])("%s is refused", (document) => {
  expect(() => elementsOf(document)).toThrow(XmlError);
});

test("a hostile document of two megabytes is refused in the time that it takes to read", () => {
  const refuseAll = () => {
    for (const part of ["<Blob>", "<a", "&", "<a b='", "]]>", "<Name>"])
      expect(() => elementsOf(`<r>${part.repeat(2_000_000 / part.length)}`)).toThrow(XmlError);
  };
  expect(computedMs(refuseAll)).toBeLessThan(2_000);
});
