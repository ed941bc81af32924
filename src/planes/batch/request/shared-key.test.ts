import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { type SignedRequest, sharedKeyStringToSign, sharedKeyVerify } from "./shared-key.ts";

const key = Buffer.alloc(64, 7);
const now = Date.parse("Mon, 06 Nov 2023 10:00:00 GMT");
const request: SignedRequest = {
  method: "DELETE",
  headers: { "content-length": "0", "ocp-date": "Mon, 06 Nov 2023 10:00:00 GMT" },
  rawPath: "/jobs/we%20ird%28x%29%C3%A9",
  query: [
    ["timeout", "30"],
    ["api-version", "2022-10-01.16.0"],
  ],
};

const sign = (r: SignedRequest, account = "acct"): string =>
  `${account}:${createHmac("sha256", key).update(sharedKeyStringToSign(account, r)).digest("base64")}`;

test("the text to sign lists the headers, ocp headers, the raw path and the sorted query", () => {
  expect(sharedKeyStringToSign("acct", request)).toBe(
    "DELETE\n\n\n0\n\n\n\n\n\n\n\n\nocp-date:Mon, 06 Nov 2023 10:00:00 GMT\n/acct/jobs/we%20ird%28x%29%C3%A9\napi-version:2022-10-01.16.0\ntimeout:30",
  );
});

test("a right signature is accepted, with either key", () => {
  expect(sharedKeyVerify("acct", [key, Buffer.alloc(64)], sign(request), request, now)).toBe("ok");
  expect(sharedKeyVerify("acct", [Buffer.alloc(64), key], sign(request), request, now)).toBe("ok");
});

test("a changed request, another account, an old date and rubbish are refused", () => {
  const changed = { ...request, rawPath: "/jobs/other" };
  expect(sharedKeyVerify("acct", [key], sign(request), changed, now)).toBe("badSignature");
  expect(sharedKeyVerify("acct", [key], sign(request, "other"), request, now)).toBe("otherAccount");
  expect(sharedKeyVerify("acct", [key], sign(request), request, now + 16 * 60_000)).toBe("skewed");
  expect(sharedKeyVerify("acct", [key], "nonsense", request, now)).toBe("malformed");
  const undated = { ...request, headers: { "content-length": "0" } };
  expect(sharedKeyVerify("acct", [key], sign(undated), undated, now)).toBe("noDate");
});

test("names of parameters are signed in small letters or as they are sent", () => {
  const mixed = { ...request, query: [["timeOut", "30"]] as const };
  const asSent =
    "DELETE\n\n\n0\n\n\n\n\n\n\n\n\nocp-date:Mon, 06 Nov 2023 10:00:00 GMT\n/acct/jobs/we%20ird%28x%29%C3%A9\ntimeOut:30";
  const signature = `acct:${createHmac("sha256", key).update(asSent).digest("base64")}`;
  expect(sharedKeyVerify("acct", [key], signature, mixed, now)).toBe("ok");
  expect(sharedKeyVerify("acct", [key], sign(mixed), mixed, now)).toBe("ok");
});

test("a path whose encoded slashes were signed as slashes is taken, as the libraries until 2018 sign it", () => {
  const sent = { ...request, rawPath: "/jobs/j/tasks/t/files/wd%2Fa%5Cb" };
  expect(
    sharedKeyVerify("acct", [key], sign({ ...request, rawPath: "/jobs/j/tasks/t/files/wd/a/b" }), sent, now),
  ).toBe("ok");
  expect(sharedKeyVerify("acct", [key], sign(sent), sent, now)).toBe("ok");
  expect(
    sharedKeyVerify("acct", [key], sign({ ...request, rawPath: "/jobs/j/tasks/t/files/wd/ab" }), sent, now),
  ).toBe("badSignature");
});
