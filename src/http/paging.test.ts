import type { IncomingMessage, ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { Exchange } from "./exchange.ts";
import { decodeSkipToken, encodeSkipToken, nextLink } from "./paging.ts";
import { parseRequestTarget } from "./request-target.ts";

function exchangeFor(url: string): Exchange {
  const target = parseRequestTarget(url);
  if (target === undefined) throw new Error(`${url} is no target`);
  const authority = { name: "localhost", port: 20001, host: "localhost:20001", answeredAs: "local" } as const;
  return new Exchange({} as IncomingMessage, {} as ServerResponse, "https", authority, target);
}

test.each([[["job-1", 7]], [["é/+ %", null]], [[]]])("a key survives its token: %j", (key) => {
  const token = encodeSkipToken(key);
  expect(token).toMatch(/^[A-Za-z0-9_-]*$/);
  expect(decodeSkipToken(token)).toEqual(key);
});

test.each(["", "nonsense", "e30", "W3t9XQ", "WzFlOTk5XQ", "bnVsbA"])("%j is no token of ours", (token) => {
  expect(decodeSkipToken(token)).toBeUndefined();
});

test("the next link is absolute and keeps every other parameter as it was sent", () => {
  const old = encodeSkipToken(["a"]);
  const query = `api-version=1&%24filter=id%20eq%20'x'&%24skiptoken=${old}&maxresults=2`;
  expect(nextLink(exchangeFor(`/jobs?${query}`), "$skiptoken", ["b"])).toBe(
    `https://localhost:20001/jobs?api-version=1&%24filter=id%20eq%20'x'&maxresults=2&$skiptoken=${encodeSkipToken(["b"])}`,
  );
  expect(nextLink(exchangeFor("/jobs"), "$skiptoken", ["b"])).toBe(
    `https://localhost:20001/jobs?$skiptoken=${encodeSkipToken(["b"])}`,
  );
});
