import { execFileSync, spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { authorityCertificate, generateKeyPair, leafCertificate } from "./certificate.ts";

const DAY = 86_400_000;
const now = Date.now();
const validity = { notBefore: now - DAY, notAfter: now + 30 * DAY };
const authority = { commonName: "Test authority", keys: generateKeyPair() };
const authorityPem = authorityCertificate(authority, validity);

test("a leaf names every DNS name and address it is for, and is signed by its authority", () => {
  const keys = generateKeyPair();
  const names = ["localhost", "127.0.0.1", "::1", "2001:db8::7", "a.b.batch.azure.com"];
  const leaf = new X509Certificate(leafCertificate(authority, keys.publicKey, names, validity));
  const issuer = new X509Certificate(authorityPem);
  expect(leaf.verify(issuer.publicKey)).toBe(true);
  expect(leaf.checkIssued(issuer)).toBe(true);
  expect(leaf.checkPrivateKey(keys.privateKey)).toBe(true);
  expect(leaf.ca).toBe(false);
  for (const address of ["127.0.0.1", "::1", "2001:db8::7"]) expect(leaf.checkIP(address)).toBe(address);
  expect(leaf.checkHost("a.b.batch.azure.com")).toBe("a.b.batch.azure.com");
  expect(leaf.checkHost("b.batch.azure.com")).toBeUndefined();
  expect(leaf.validFromDate.getTime()).toBe(Math.floor(validity.notBefore / 1000) * 1000);
  expect(leaf.validToDate.getTime()).toBe(Math.floor(validity.notAfter / 1000) * 1000);
});

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

test.skipIf(!hasOpenssl)("the chain passes OpenSSL's strict checks", () => {
  const folder = mkdtempSync(join(tmpdir(), "x509-"));
  try {
    const leaf = leafCertificate(authority, generateKeyPair().publicKey, ["localhost", "::1"], validity);
    writeFileSync(join(folder, "ca.pem"), authorityPem);
    writeFileSync(join(folder, "leaf.pem"), leaf);
    const verify = ["verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", "localhost"];
    const output = execFileSync("openssl", [...verify, "-CAfile", "ca.pem", "leaf.pem"], { cwd: folder });
    expect(output.toString()).toContain("leaf.pem: OK");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("times from 2050 on are written as the other ASN.1 type and read back the same", () => {
  const notAfter = Date.UTC(2051, 5, 7, 8, 9, 10);
  const pem = authorityCertificate(authority, { notBefore: now, notAfter });
  expect(new X509Certificate(pem).validToDate.getTime()).toBe(notAfter);
});

test("a name longer than a common name may be is still whole among the alternative names", () => {
  const name = `${"a".repeat(60)}.${"b".repeat(60)}.batch.azure.com`;
  const leaf = new X509Certificate(leafCertificate(authority, generateKeyPair().publicKey, [name], validity));
  expect(leaf.checkHost(name)).toBe(name);
});
