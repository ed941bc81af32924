import { createServer, globalAgent, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { issuerKeysFetcher, NotPublicAddress } from "./issuer-keys.ts";
import { authorityCertificate, generateKeyPair, leafCertificate } from "./x509/certificate.ts";

const KEY = { kty: "RSA", kid: "k", n: "n", e: "AQAB" };
let server: Server;
let host: string;
let leadsTo: string;

beforeAll(async () => {
  const now = Date.now();
  const validity = { notBefore: now - 60_000, notAfter: now + 3_600_000 };
  const authority = { commonName: "Somebody's authority", keys: generateKeyPair() };
  const keys = generateKeyPair();
  const cert = leafCertificate(authority, keys.publicKey, ["localhost"], validity);
  const key = keys.privateKey.export({ type: "pkcs8", format: "pem" });
  server = createServer({ cert, key }, (request, response) => {
    const issuer = `https://${host}`;
    const document = { issuer, jwks_uri: `${leadsTo}/keys` };
    response.end(JSON.stringify(request.url === "/keys" ? { keys: [KEY] } : document));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  host = `localhost:${(server.address() as AddressInfo).port}`;
  leadsTo = `https://${host}`;
  // As NODE_EXTRA_CA_CERTS does it for a whole process.
  globalAgent.options.ca = authorityCertificate(authority, validity);
});
afterAll(() => {
  delete globalAgent.options.ca;
  server.close();
  server.closeAllConnections();
});

test("an issuer on this machine is asked where it is named, and nowhere else", async () => {
  await expect(issuerKeysFetcher()(`https://${host}`)).rejects.toThrow(NotPublicAddress);
  await expect(issuerKeysFetcher(["localhost"])(`https://${host}`)).rejects.toThrow(NotPublicAddress);
  expect(await issuerKeysFetcher([host])(`https://${host}`)).toEqual([KEY]);
});

test("an issuer that is named leads to no host that is not", async () => {
  leadsTo = "https://127.0.0.1:9";
  await expect(issuerKeysFetcher([host])(`https://${host}`)).rejects.toThrow(NotPublicAddress);
});
