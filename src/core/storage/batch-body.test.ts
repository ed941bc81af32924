import { expect, test } from "vitest";
import { readBatch } from "./batch-body.ts";

const TYPE = "multipart/mixed; boundary=batch_1";
const part = (line: string, id = "0", more = "") =>
  `--batch_1\r\nContent-Type: application/http\r\nContent-ID: ${id}\r\n\r\n${line}\r\nx-ms-date: now\r\n${more}\r\n\r\n`;

test("requests with their headers", () => {
  const body = `${part("DELETE /c/a%20b?x=1 HTTP/1.1")}${part("PUT /c/d?comp=tier HTTP/1.1", "1", "x-ms-access-tier: Cool\r\n")}--batch_1--\r\n`;
  expect(readBatch(body, TYPE)).toEqual([
    { id: "0", method: "DELETE", target: "/c/a%20b?x=1", headers: { "x-ms-date": "now" } },
    {
      id: "1",
      method: "PUT",
      target: "/c/d?comp=tier",
      headers: { "x-ms-date": "now", "x-ms-access-tier": "Cool" },
    },
  ]);
});

test.each([
  ["", TYPE],
  [part("DELETE /c/a HTTP/1.1"), TYPE],
  [`${part("DELETE c HTTP/1.1")}--batch_1--`, TYPE],
  [`${part("DELETE /c HTTP/1.0")}--batch_1--`, TYPE],
  [`${part("DELETE /c HTTP/1.1", "0", "x-ms-date: again\r\n")}--batch_1--`, TYPE],
  [`${part("DELETE /c HTTP/1.1", "")}--batch_1--`, TYPE],
  [`${part("DELETE /c HTTP/1.1").repeat(257)}--batch_1--`, TYPE],
  [`${part("DELETE /c HTTP/1.1")}--batch_1--`, "text/plain"],
])("%j is no batch", (body, type) => {
  expect(readBatch(body, type)).toEqual(expect.any(String));
});
