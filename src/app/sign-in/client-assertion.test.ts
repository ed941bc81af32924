/** Keys that another issuer publishes: what is none signs nobody in, and is no fault of the service's. */
import { generateKeyPairSync, type JsonWebKey, sign } from "node:crypto";
import { expect, test } from "vitest";
import type { Client } from "../directory/directory.ts";
import { AssertionMemory } from "./assertion-memory.ts";
import { verifyClientAssertion } from "./client-assertion.ts";

const ISSUER = "https://issuer.example";
const NOW = Date.UTC(2026, 10, 1);
const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const client = {
  appId: "aaaaaaaa-0000-4000-8000-000000000001",
  certificates: [],
  federatedCredentials: [{ issuer: ISSUER, subject: "job", audience: "api://AzureADTokenExchange" }],
} as unknown as Client;

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

function signIn(keys: readonly unknown[]): Promise<void> {
  const claims = { iss: ISSUER, sub: "job", aud: "api://AzureADTokenExchange", exp: NOW / 1000 + 60 };
  const signed = `${part({ alg: "RS256", kid: "k" })}.${part(claims)}`;
  const signature = sign("sha256", Buffer.from(signed), privateKey).toString("base64url");
  return verifyClientAssertion(client, `${signed}.${signature}`, {
    isTokenEndpoint: () => false,
    issuerKeys: async () => keys as readonly JsonWebKey[],
    memory: new AssertionMemory(),
    isGone: async () => false,
    now: NOW,
  });
}

test("a key that the issuer publishes signs in, whatever stands beside it", async () => {
  await expect(
    signIn([null, 7, { ...publicKey.export({ format: "jwk" }), kid: "k" }]),
  ).resolves.toBeUndefined();
});

test.each([
  ["nothing", [null]],
  ["no object", ["k", 7]],
  ["a key without a modulus", [{ kty: "RSA", kid: "k", e: "AQAB" }]],
  ["a modulus that is a number", [{ kty: "RSA", kid: "k", n: 5, e: "AQAB" }]],
  ["an empty modulus", [{ kty: "RSA", kid: "k", n: "", e: "AQAB" }]],
  ["a modulus without end", [{ kty: "RSA", kid: "k", n: "A9".repeat(60_000), e: "AQAB" }]],
  ["an even modulus of one bit", [{ kty: "RSA", kid: "k", n: "AA", e: "AA" }]],
])("an issuer that publishes %s as its key signs nobody in, and it is told so", async (_what, keys) => {
  await expect(signIn(keys)).rejects.toThrow("The client assertion failed signature validation");
});
