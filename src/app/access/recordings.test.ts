import { beforeEach, expect, test } from "vitest";
import { BATCH_PERMISSIONS } from "../../wire/rbac/batch-permissions.ts";
import { ACCOUNT, SUBSCRIPTION, TENANT_ID } from "./access.fixture.ts";
import { RECORDING_MAX_MS, Recordings } from "./recordings.ts";

const { "jobs/read": jobsRead, "pools/write": poolsWrite } = BATCH_PERMISSIONS;
const [ALICE, BOB] = ["alice", "bob"];

let now = 0;
let recordings: Recordings;
beforeEach(() => {
  now = 1_000;
  recordings = new Recordings(() => now);
});
const names = (principalId: string) =>
  recordings
    .find(TENANT_ID, principalId)
    ?.used.map(({ permission }) => permission.name.split("/").slice(2).join("/"));

test("what a recorded principal uses is kept once, what others use is not", () => {
  recordings.start(TENANT_ID, ALICE, ACCOUNT, 60_000);
  for (let i = 0; i < 3; i++) recordings.use(ALICE, [jobsRead], ACCOUNT);
  recordings.use(ALICE, [jobsRead, poolsWrite], ACCOUNT.toUpperCase());
  recordings.use(BOB, [poolsWrite], ACCOUNT);
  expect([recordings.isOn(ALICE), recordings.isOn(BOB)]).toEqual([true, false]);
  expect(names(ALICE)).toEqual(["jobs/read", "pools/write"]);
  expect(names(BOB)).toBeUndefined();
});

test("what happens outside its scope or after its end is not recorded", () => {
  recordings.start(TENANT_ID, ALICE, ACCOUNT, 60_000);
  recordings.use(ALICE, [jobsRead], SUBSCRIPTION);
  recordings.use(ALICE, [jobsRead], `${ACCOUNT}2`);
  now += 60_001;
  recordings.use(ALICE, [jobsRead], ACCOUNT);
  expect(names(ALICE)).toEqual([]);
});

test("stopping gives the recording and ends it; another tenant sees nothing of it", () => {
  recordings.start(TENANT_ID, ALICE, ACCOUNT, 60_000);
  recordings.use(ALICE, [jobsRead], ACCOUNT);
  expect(recordings.stop("another tenant", ALICE)).toBeUndefined();
  expect(recordings.stop(TENANT_ID, ALICE)?.used).toHaveLength(1);
  expect(recordings.isOn(ALICE)).toBe(false);
});

test("a recording is bounded and says when it is incomplete", () => {
  recordings.start(TENANT_ID, ALICE, SUBSCRIPTION, 60_000);
  for (let i = 0; i < 2_000; i++) recordings.use(ALICE, [jobsRead], `${SUBSCRIPTION}/resourceGroups/g${i}`);
  expect(recordings.find(TENANT_ID, ALICE)).toMatchObject({ isTruncated: true });
  expect(recordings.find(TENANT_ID, ALICE)?.used).toHaveLength(1_000);
});

test("only so many are on at once; those that ended long ago make room", () => {
  for (let i = 0; i < 100; i++) recordings.start(TENANT_ID, `p${i}`, ACCOUNT, 1_000);
  expect(() => recordings.start(TENANT_ID, ALICE, ACCOUNT, 1_000)).toThrow(
    expect.objectContaining({ code: "TooManyRecordings" }),
  );
  recordings.start(TENANT_ID, "p0", ACCOUNT, 1_000);
  now += RECORDING_MAX_MS + 2_000;
  recordings.start(TENANT_ID, ALICE, ACCOUNT, 1_000);
  expect(recordings.isOn(ALICE)).toBe(true);
});

test.each([
  ["a/b", 1_000, "InvalidScope"],
  [ACCOUNT, 0, "BadRequestFormat"],
  [ACCOUNT, Number.NaN, "BadRequestFormat"],
  [ACCOUNT, RECORDING_MAX_MS + 1, "BadRequestFormat"],
])("a recording at %s for %d ms: %s", (scope, duration, code) => {
  expect(() => recordings.start(TENANT_ID, ALICE, scope, duration)).toThrow(
    expect.objectContaining({ code }),
  );
});
