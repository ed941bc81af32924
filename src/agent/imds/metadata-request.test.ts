import { describe, expect, test } from "vitest";
import { appServiceWish, formWish, type MetadataWish, metadataWish } from "./metadata-request.ts";

const TOKEN = "/metadata/identity/oauth2/token";
const headers = { metadata: "true" };
const get = (target: string, more: object = headers) =>
  metadataWish({ method: "GET", target, headers: { ...more } });
const status = (wish: MetadataWish) => (wish.kind === "refused" ? wish.status : 200);
const query = "?api-version=2018-02-01&resource=https%3A%2F%2Fbatch.core.windows.net%2F";

describe("a token", () => {
  test.each(["", "/"])("is asked for with '%s' at the path's end", (end) => {
    expect(get(`${TOKEN}${end}${query}`)).toEqual({
      kind: "token",
      ask: { resource: "https://batch.core.windows.net/", isFresh: false },
    });
  });

  test.each([
    ["client_id", "client_id"],
    ["object_id", "object_id"],
    ["mi_res_id", "mi_res_id"],
    ["msi_res_id", "mi_res_id"],
  ])("of an identity by %s", (name, by) => {
    expect(get(`${TOKEN}${query}&${name}=X&bypass_cache=true`)).toMatchObject({
      ask: { identity: { by, value: "X" }, isFresh: true },
    });
  });

  test.each([
    ["without the header", `${TOKEN}${query}`, {}],
    ["with another value of it", `${TOKEN}${query}`, { metadata: "yes" }],
    ["forwarded", `${TOKEN}${query}`, { metadata: "true", "x-forwarded-for": "10.0.0.1" }],
    ["without a version", `${TOKEN}?resource=r`, headers],
    ["with an old version", `${TOKEN}?api-version=2017-01-01&resource=r`, headers],
    ["with two versions", `${TOKEN}${query}&api-version=2018-02-01`, headers],
    ["without a resource", `${TOKEN}?api-version=2018-02-01`, headers],
    ["with two resources", `${TOKEN}${query}&resource=r`, headers],
    ["by two names", `${TOKEN}${query}&client_id=a&object_id=b`, headers],
    ["with a name beyond all length", `${TOKEN}${query}&client_id=${"a".repeat(1025)}`, headers],
  ])("is refused %s", (_, target, given) => {
    expect(status(get(target, given))).toBe(400);
  });

  test("names the versions there are", () => {
    expect(get(`${TOKEN}?api-version=1&resource=r`)).toMatchObject({
      body: { error: "invalid_request", error_description: expect.stringContaining("2018-02-01") },
    });
  });
});

test("what is not there is 404, another method 405", () => {
  expect(status(get("/metadata/identity"))).toBe(404);
  expect(status(get("/"))).toBe(404);
  expect(status(metadataWish({ method: "POST", target: `${TOKEN}${query}`, headers }))).toBe(405);
});

test("App Service's endpoint wants its secret and nothing forwarded", () => {
  const ask = (isKnown: boolean, more: object = {}) =>
    status(
      appServiceWish(
        { method: "GET", target: "/msi/token?api-version=2019-08-01&resource=r", headers: { ...more } },
        isKnown,
      ),
    );
  expect([ask(true), ask(false), ask(true, { "x-forwarded-for": "a" })]).toEqual([200, 401, 400]);
});

test("the older endpoint takes a form", () => {
  const ask = (form: string, given: object = headers) =>
    formWish({ method: "POST", target: "/oauth2/token", headers: { ...given }, form });
  expect(ask("resource=r&client_id=c")).toMatchObject({
    ask: { resource: "r", identity: { by: "client_id", value: "c" } },
  });
  expect(status(ask("client_id=c"))).toBe(400);
  expect(status(ask("resource=r", {}))).toBe(400);
});
