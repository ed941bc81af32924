import { expect, test } from "vitest";
import { Fault } from "../../../core/fault.ts";
import { VersionDoor } from "../../../core/version/version-door.ts";
import { Query } from "../../../http/query.ts";
import { batchApiVersions } from "../../../wire/batch/api-versions.gen.ts";
import { apiVersionIndex } from "./api-version.ts";

const log: string[] = [];
const door = new VersionDoor(false, (line) => log.push(line));
const strict = new VersionDoor(true, () => {});

function answered(version: string, at = door): string | undefined {
  try {
    return batchApiVersions[apiVersionIndex(at, new Query(`api-version=${version}`))]?.version;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return error.values.find(({ key }) => key === "Reason")?.value;
  }
}

test.each(["2017-01-01.4.0", "2018-03-01.6.1", "2024-07-01.20.0", "2025-06-01", "2026-10-01"])(
  "%s is answered as itself",
  (version) => {
    expect(answered(version)).toBe(version);
    expect(answered(version, strict)).toBe(version);
  },
);

test("a newer version is answered as the newest known, said once in the log, and refused where that is strict", () => {
  expect(answered("2027-03-01")).toBe("2026-10-01");
  answered("2027-03-01");
  expect(log).toEqual([expect.stringContaining("api-version 2027-03-01 is newer")]);
  expect(answered("2027-03-01", strict)).toContain("newer than 2026-10-01");
});

test.each([
  ["2016-07-01.3.1", "2017-01-01.4.0"],
  ["2023-06-01.17.5", "2023-05-01.17.0"],
  ["2025-05-30", "2025-06-01"],
])("%s was never there: the refusal names %s as the nearest", (version, nearest) => {
  expect(answered(version)).toBe(`Nothing is known of it; the nearest known version is ${nearest}`);
});

test("what is no version is refused as that", () => {
  expect(answered("latest")).toContain("It is no api-version");
});
