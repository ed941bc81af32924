import { expect, test } from "vitest";
import { servedVersion } from "./served-version.ts";

const KNOWN = ["2017-05-01", "2020-10-01-preview", "2022-04-01"];

test.each([
  ["2017-05-01", "2017-05-01"],
  ["2020-10-01-Preview", "2020-10-01-preview"],
  ["2022-04-01", "2022-04-01"],
])("the known %s is served as %s", (asked, version) => {
  expect(servedVersion(asked, KNOWN, false)).toEqual({ version, isNewer: false });
  expect(servedVersion(asked, KNOWN, true)).toEqual({ version, isNewer: false });
});

test.each(["2022-05-01-preview", "2022-04-02", "2026-10-01", "2031-12-31.40.0"])(
  "%s is newer than all: served as the newest, refused where that is strict",
  (asked) => {
    expect(servedVersion(asked, KNOWN, false)).toEqual({ version: "2022-04-01", isNewer: true });
    expect(servedVersion(asked, KNOWN, true)).toEqual({ refusal: "newer" });
  },
);

test.each(["2016-01-01", "2019-01-01", "2020-10-01", "2022-04-01-preview"])(
  "%s was never there and is refused",
  (asked) => {
    expect(servedVersion(asked, KNOWN, false)).toEqual({ refusal: "unknown" });
  },
);

test.each(["", "latest", "*", "2022-04-01 ", "2099-13-01", "2099-01-00", "20990101", "2099-01-01-x", "9999"])(
  "%j is no api-version",
  (asked) => {
    expect(servedVersion(asked, KNOWN, false)).toEqual({ refusal: "malformed" });
  },
);

test("the data plane's versions compare by their dates", () => {
  const known = ["2018-08-01.7.0", "2024-07-01.20.0", "2025-06-01"];
  expect(servedVersion("2024-07-01.20.0", known, false)).toEqual({
    version: "2024-07-01.20.0",
    isNewer: false,
  });
  expect(servedVersion("2024-07-01.21.0", known, false)).toEqual({ refusal: "unknown" });
  expect(servedVersion("2026-10-01", known, false)).toEqual({ version: "2025-06-01", isNewer: true });
});
