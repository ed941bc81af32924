import type { IncomingMessage, ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { Exchange } from "./exchange.ts";

const authority = { name: "localhost", port: undefined, host: "localhost", answeredAs: "local" } as const;
const exchangeFor = (rawPath: string) =>
  new Exchange({} as IncomingMessage, {} as ServerResponse, "https", authority, {
    scheme: undefined,
    authority: undefined,
    rawPath,
    rawQuery: "",
  });

test.each([
  ["/", []],
  ["/pools", ["pools"]],
  ["/pools/", ["pools"]],
  ["//subscriptions/1", ["subscriptions", "1"]],
  ["/jobs/we%20ird(x)%C3%A9", ["jobs", "we ird(x)é"]],
  ["/jobs/a%2Fb/tasks", ["jobs", "a/b", "tasks"]],
  ["/files/../x", ["files", "..", "x"]],
])("%s has the segments %j", (path, segments) => {
  expect(exchangeFor(path).segments).toEqual(segments);
});

test("an escape that does not decode is a fault, and the raw path stays as sent", () => {
  const exchange = exchangeFor("//jobs/%E9");
  expect(() => exchange.segments).toThrow(expect.objectContaining({ code: "InvalidUri", status: 400 }));
  expect(exchange.rawPath).toBe("//jobs/%E9");
});

test("an exchange keeps one id, and a new one has another", () => {
  const exchange = exchangeFor("/");
  expect(exchange.id).toMatch(/^[0-9a-f-]{36}$/);
  expect(exchange.id).toBe(exchange.id);
  expect(exchangeFor("/").id).not.toBe(exchange.id);
});
