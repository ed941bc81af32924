import { describe, expect, test } from "vitest";
import { appServiceWish, formWish, type MetadataWish, metadataWish } from "./metadata-request.ts";

const HOSTS = ["169.254.169.254"];
const TOKEN = "/metadata/identity/oauth2/token";
const headers = { metadata: "true" };
const get = (target: string, more: object = headers) =>
  metadataWish({ method: "GET", target, headers: { ...more } }, HOSTS);
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
    ["forwarded for nobody", `${TOKEN}${query}`, { metadata: "true", "x-forwarded-for": "" }],
    ["forwarded in the standard's words", `${TOKEN}${query}`, { metadata: "true", forwarded: "for=a" }],
    ["by a proxy", `${TOKEN}${query}`, { metadata: "true", via: "1.1 proxy" }],
    ["for another host", `${TOKEN}${query}`, { metadata: "true", host: "rebound.example" }],
    ["as a whole URL", `http://169.254.169.254${TOKEN}${query}`, headers],
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
  expect(status(get("/metadata/attested/document?api-version=2021-02-01"))).toBe(501);
  for (const target of [`${TOKEN}${query}`, "/metadata/versions", "/metadata/instance"])
    expect(status(metadataWish({ method: "POST", target, headers }, HOSTS))).toBe(405);
});

test("App Service's endpoint wants its secret and nothing forwarded", () => {
  const ask = (isKnown: boolean, more: object = {}) =>
    status(
      appServiceWish(
        { method: "GET", target: "/msi/token?api-version=2019-08-01&resource=r", headers: { ...more } },
        HOSTS,
        isKnown,
      ),
    );
  expect([ask(true), ask(false), ask(true, { "x-forwarded-for": "a" })]).toEqual([200, 401, 400]);
});

test("the older endpoint takes a form", () => {
  const ask = (form: string, given: object = headers) =>
    formWish({ method: "POST", target: "/oauth2/token", headers: { ...given }, form }, HOSTS);
  expect(ask("resource=r&client_id=c")).toMatchObject({
    ask: { resource: "r", identity: { by: "client_id", value: "c" } },
  });
  expect(status(ask("client_id=c"))).toBe(400);
  expect(status(ask("resource=r", {}))).toBe(400);
});

describe("the machine's metadata", () => {
  const version = "?api-version=2021-02-01";

  test("is asked for whole or in part, as JSON or as text", () => {
    expect(get(`/metadata/instance${version}`)).toEqual({
      kind: "instance",
      version: "2021-02-01",
      path: [],
      isText: false,
    });
    expect(get(`/metadata/instance/compute/vmId${version}&format=text&extended=true`)).toMatchObject({
      path: ["compute", "vmId"],
      isText: true,
    });
  });

  test("wants a version, and names the newest", () => {
    for (const query of ["", "?api-version=2017-03-01", `${version}&api-version=2021-02-01`]) {
      const refused = get(`/metadata/instance${query}`);
      expect(refused).toMatchObject({ status: 400, isAttempt: false });
      expect("body" in refused && refused.body).toEqual({
        error: expect.stringMatching(/^Bad request\. api-version is invalid or was not specified/),
        "newest-versions": ["2025-04-07", "2024-07-17", "2024-03-15"],
      });
    }
  });

  test.each([
    ["a word twice", `${version}&format=text&format=text`],
    ["another format", `${version}&format=xml`],
  ])("is refused with %s", (_, query) => {
    expect(status(get(`/metadata/instance${query}`))).toBe(400);
  });

  test("says what is missing in its own form", () => {
    expect(get(`/metadata/instance${version}`, {})).toMatchObject({
      status: 400,
      body: { error: "Bad request. Required metadata header not specified" },
    });
  });
});
