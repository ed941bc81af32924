import { expect, test } from "vitest";
import { computedMs } from "../computed-time.fixture.ts";
import { pullProblem } from "./pull-problem.ts";

const fatal = (text: string) => `time="2026-11-30T10:00:00Z" level=fatal msg="${text}"\n`;

test.each([
  [fatal("Error reading manifest 2 in r.example/a: manifest unknown: manifest unknown"), "has no such image"],
  [
    fatal("unable to retrieve auth token: invalid username/password: unauthorized: authentication required"),
    "refuses it",
  ],
  [
    fatal('pinging container registry 127.0.0.1:1: Get \\"http://127.0.0.1:1/v2/\\": connection refused'),
    "cannot be reached",
  ],
  [fatal("writing blob: Digest did not match, expected sha256:0, got sha256:1"), "is broken"],
  ["no image found in manifest list for linux/amd64: it is for linux/s390x", "other processors"],
  ["something else", "could not be pulled (something else)"],
])("%s", (said, reason) => {
  const { code, message } = pullProblem("r.example/a:2", said);
  expect([code, message]).toEqual(["ContainerInvalidImage", expect.stringContaining(reason)]);
  expect(message).not.toContain("level=fatal");
});

test("a full disk is the node's, and no fault of the image", () => {
  expect(pullProblem("a", fatal("writing blob: no space left on device")).code).toBe("DiskFull");
});

test("what a registry says is cut", () => {
  for (const text of ["x", '\\"', 'msg="', "\\"]) {
    const tell = () =>
      expect(pullProblem("a", `msg="${text.repeat(100_000)}`).message.length).toBeLessThan(800);
    expect(computedMs(tell)).toBeLessThan(200);
  }
});
