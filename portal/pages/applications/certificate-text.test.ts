import { expect, test } from "vitest";
import { certificateOf } from "./certificate-text.ts";

test("of a file with key and certificate the certificate alone is taken", () => {
  const pem = [
    "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----",
    "-----BEGIN CERTIFICATE-----\nQUJD\nREVG\n-----END CERTIFICATE-----\n",
  ].join("\n");
  expect(certificateOf(pem)).toBe("QUJDREVG");
});

test.each([
  ["QUJD", "QUJD"],
  ["", undefined],
  ["-----BEGIN CERTIFICATE-----\nQUJD", undefined],
  ["-----BEGIN PRIVATE KEY-----\nc2Vj\n-----END PRIVATE KEY-----", undefined],
])("%j gives %s", (text, base64) => {
  expect(certificateOf(text)).toBe(base64);
});
