import { expect, test } from "vitest";
import { conditionsHold } from "./conditional-headers.ts";

const lastModified = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const current = { etag: "0x8D4", lastModified };
const date = (secondsLater: number) => new Date(lastModified + secondsLater * 1000).toUTCString();

test("without conditions every request goes on, whether the resource exists or not", () => {
  expect(conditionsHold("PUT", {}, current)).toBe("ok");
  expect(conditionsHold("PUT", {}, undefined)).toBe("ok");
});

test("If-Match wants the current tag, anywhere in the list, quoted or not", () => {
  for (const list of ['"0x8D4"', "0x8D4", '"a", "0x8D4"', "*"]) {
    expect(conditionsHold("DELETE", { "if-match": list }, current)).toBe("ok");
  }
  for (const list of ['"0x8D5"', 'W/"0x8D4"', '""', "", '"0x8d4"']) {
    expect(conditionsHold("DELETE", { "if-match": list }, current)).toBe("failed");
  }
  expect(conditionsHold("DELETE", { "if-match": "*" }, undefined)).toBe("failed");
});

test("If-None-Match is 304 for a read and 412 for a change; a weak tag counts", () => {
  for (const list of ['"0x8D4"', 'W/"0x8D4"', "*"]) {
    expect(conditionsHold("GET", { "if-none-match": list }, current)).toBe("notModified");
    expect(conditionsHold("PATCH", { "if-none-match": list }, current)).toBe("failed");
  }
  expect(conditionsHold("GET", { "if-none-match": '"other"' }, current)).toBe("ok");
  expect(conditionsHold("PUT", { "if-none-match": "*" }, undefined)).toBe("ok");
});

test("dates are compared in whole seconds", () => {
  expect(conditionsHold("GET", { "if-modified-since": date(0) }, current)).toBe("notModified");
  expect(conditionsHold("GET", { "if-modified-since": date(-1) }, current)).toBe("ok");
  expect(conditionsHold("DELETE", { "if-modified-since": date(0) }, current)).toBe("failed");
  expect(conditionsHold("DELETE", { "if-unmodified-since": date(0) }, current)).toBe("ok");
  expect(conditionsHold("GET", { "if-unmodified-since": date(-1) }, current)).toBe("failed");
});

test("a tag silences the date of its kind, and a date that does not parse is no condition", () => {
  const matchAndOldDate = { "if-match": '"0x8D4"', "if-unmodified-since": date(-100) };
  expect(conditionsHold("DELETE", matchAndOldDate, current)).toBe("ok");
  const otherTagAndDate = { "if-none-match": '"other"', "if-modified-since": date(100) };
  expect(conditionsHold("GET", otherTagAndDate, current)).toBe("ok");
  expect(conditionsHold("DELETE", { "if-unmodified-since": "yesterday" }, current)).toBe("ok");
});
