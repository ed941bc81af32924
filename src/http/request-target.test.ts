import { expect, test } from "vitest";
import { parseAuthority } from "./authority.ts";
import { Query } from "./query.ts";
import { collapseLeadingSlashes, parseRequestTarget } from "./request-target.ts";

test("leading slashes never become a host", () => {
  const target = parseRequestTarget("//subscriptions/1?api-version=2022-04-01");
  expect(target).toMatchObject({ authority: undefined, rawPath: "//subscriptions/1" });
  expect(target?.rawQuery).toBe("api-version=2022-04-01");
  expect(collapseLeadingSlashes("//subscriptions/1")).toBe("/subscriptions/1");
  expect(collapseLeadingSlashes("///")).toBe("/");
  expect(collapseLeadingSlashes("/a//b")).toBe("/a//b");
});

test("the absolute form gives scheme, host and path", () => {
  expect(parseRequestTarget("HTTPS://login.microsoftonline.com/t/oauth2/token?a=1?2")).toEqual({
    scheme: "https",
    authority: "login.microsoftonline.com",
    rawPath: "/t/oauth2/token",
    rawQuery: "a=1?2",
  });
  expect(parseRequestTarget("http://169.254.169.254?x=1")).toMatchObject({ rawPath: "/", rawQuery: "x=1" });
});

test.each(["*", "", "host:443", "ftp://host/", "foo"])("%j is no target", (target) => {
  expect(parseRequestTarget(target)).toBeUndefined();
});

test.each([
  ["LOCALHOST:8443", { name: "localhost", port: 8443, host: "localhost:8443" }],
  ["[::1]:8443", { name: "::1", port: 8443, host: "[::1]:8443" }],
  ["127.0.0.1", { name: "127.0.0.1", port: undefined, host: "127.0.0.1" }],
])("%s is an authority", (text, authority) => {
  expect(parseAuthority(text)).toEqual(authority);
});

test.each([
  "",
  "user@localhost",
  "localhost:99999",
  "localhost:",
  "::1",
  "[::1",
  "a b",
  "a/b",
  "localhost:80:80",
])("%j is no authority", (text) => {
  expect(parseAuthority(text)).toBeUndefined();
});

test("a query keeps its duplicates visible and its first values at hand", () => {
  const query = new Query("api-version=1&%24filter=a%20eq%20'b'&x=1&x=2&bad=%zz");
  expect(query.get("api-version")).toBe("1");
  expect(query.get("$filter")).toBe("a eq 'b'");
  expect(query.get("x")).toBe("1");
  expect(query.get("bad")).toBe("%zz");
  expect(query.get("toString")).toBeUndefined();
  expect(query.duplicated()).toBe("x");
  expect(new Query("").names()).toEqual([]);
});
