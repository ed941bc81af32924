import { expect, test } from "vitest";
import { sasMatches, signedQuery } from "./sas.ts";
import { accountSasRequest, serviceSasRequest } from "./sas-request.ts";

const key = Buffer.alloc(64, 7);
const account = {
  signedServices: "b",
  signedResourceTypes: "sco",
  signedPermission: "rl",
  signedExpiry: "2037-01-01T00:00:00.123Z",
};

test("what is signed for an account is what its front takes", () => {
  const { kind, target, fields, keyIndex } = accountSasRequest("store", { ...account, keyToSign: "key2" });
  expect(keyIndex).toBe(1);
  expect(fields.se).toBe("2037-01-01T00:00:00Z");
  const query = new URLSearchParams(signedQuery(kind, target, fields, key));
  const field = (name: string) => query.get(name) ?? undefined;
  expect(sasMatches("account", { account: "store" }, [key], field)).toBe(true);
  expect(sasMatches("account", { account: "other" }, [key], field)).toBe(false);
});

test("a signature for a blob reaches no other one", () => {
  const body = {
    canonicalizedResource: "/blob/store/box/a b/c.txt",
    signedPermission: "r",
    signedExpiry: "2037-01-01",
  };
  const { kind, target, fields } = serviceSasRequest("store", body);
  expect(fields.sr).toBe("b");
  const query = new URLSearchParams(signedQuery(kind, target, fields, key));
  const field = (name: string) => query.get(name) ?? undefined;
  const at = (blob: string) => ({ account: "store", container: "box", blob });
  expect(sasMatches("service", at("a b/c.txt"), [key], field)).toBe(true);
  expect(sasMatches("service", at("a b/d.txt"), [key], field)).toBe(false);
});

test.each([
  ["signedServices", () => accountSasRequest("store", { ...account, signedServices: "" })],
  ["signedExpiry", () => accountSasRequest("store", { ...account, signedExpiry: "soon" })],
  ["ss must include b", () => accountSasRequest("store", { ...account, signedServices: "q" })],
  ["canonicalizedResource", () => serviceSasRequest("store", { canonicalizedResource: "/blob/other/box" })],
  ["canonicalizedResource", () => serviceSasRequest("store", { canonicalizedResource: "/file/store/box" })],
  ["startPk", () => serviceSasRequest("store", { canonicalizedResource: "/blob/store/box", startPk: "a" })],
])("a request that cannot be signed names %s", (named, request) => {
  expect(request).toThrow(named);
});
