import { expect, test } from "vitest";
import { storageError } from "./storage-error.ts";

test("code, message and request id on one line", () => {
  const said = "Not permitted &lt;here&gt;.\nRequestId:7f\nTime:2026-01-02T03:04:05.678Z";
  const document = `<?xml version="1.0"?><Error><Code>AuthorizationFailure</Code><Message>${said}</Message></Error>`;
  expect(storageError(document)).toBe("AuthorizationFailure: Not permitted <here>. RequestId:7f");
});

test("other documents, control characters and endless messages do not get through", () => {
  expect(storageError("<html><Code>1</Code><Message>2</Message></html>")).toBeUndefined();
  expect(storageError("<Error><Code>1</Code></Error>")).toBeUndefined();
  const message = `a\u009fb${"x".repeat(10_000)}`;
  const told = storageError(`<Error><Code>C</Code><Message>${message}</Message></Error>`);
  expect(told).toMatch(/^C: abx+$/);
  expect(told).toHaveLength(400);
});
