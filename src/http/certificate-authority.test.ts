import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openCertificateAuthority } from "./certificate-authority.ts";
import { hostAllowList } from "./host-allow-list.ts";
import { serverCertificates } from "./leaf.ts";

const DAY = 86_400_000;
const start = Date.UTC(2026, 0, 1);
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ca-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = (file: string) => readFileSync(join(folder, file), "utf8");

test("the key is private, and the bundle holds the system's roots and ours", () => {
  openCertificateAuthority(folder, start);
  expect(statSync(join(folder, "ca-key.pem")).mode & 0o777).toBe(0o600);
  const bundle = read("bundle.pem");
  expect(bundle.match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(50);
  expect(bundle).toContain(read("ca.pem"));
});

test("a file that says the same is left as it is, for nodes have it mounted; one that does not is replaced", () => {
  openCertificateAuthority(folder, start);
  const files = ["ca.pem", "bundle.pem"];
  const inodes = () => files.map((file) => statSync(join(folder, file)).ino);
  const before = inodes();
  const bundle = read("bundle.pem");
  openCertificateAuthority(folder, start + DAY);
  expect(inodes()).toEqual(before);
  writeFileSync(join(folder, "bundle.pem"), "of other roots");
  openCertificateAuthority(folder, start + DAY);
  expect(read("bundle.pem")).toBe(bundle);
});

test("a second start goes on with the same authority, and its leaves verify", () => {
  openCertificateAuthority(folder, start);
  const first = read("ca.pem");
  const again = openCertificateAuthority(folder, start + 30 * DAY);
  expect(read("ca.pem")).toBe(first);
  const leaf = new X509Certificate(again.mintLeaf(["localhost"], start + 30 * DAY).cert);
  expect(leaf.verify(new X509Certificate(first).publicKey)).toBe(true);
  expect(leaf.checkIssued(new X509Certificate(first))).toBe(true);
});

test("a leaf starts a day early and lives no longer than clients accept", () => {
  const { cert, notAfter } = openCertificateAuthority(folder, start).mintLeaf(["localhost"], start);
  const leaf = new X509Certificate(cert);
  expect(leaf.validFromDate.getTime()).toBe(start - DAY);
  expect(leaf.validToDate.getTime()).toBe(notAfter);
  expect(notAfter - (start - DAY)).toBeLessThanOrEqual(398 * DAY);
});

test("an authority near its end, or whose key does not fit, is made anew", () => {
  openCertificateAuthority(folder, start);
  const first = read("ca.pem");
  openCertificateAuthority(folder, start + 9.5 * 365 * DAY);
  expect(read("ca.pem")).not.toBe(first);
});

test("each answered name gets its own leaf, minted once and again near its end", () => {
  let now = start;
  const authority = openCertificateAuthority(folder, start);
  const certificates = serverCertificates(authority, hostAllowList(), () => now);
  const first = certificates.named("A.b.batch.azure.com");
  expect(first).toBeDefined();
  expect(certificates.named("a.b.batch.azure.com")).toBe(first);
  expect(certificates.named("c.b.batch.azure.com")).not.toBe(first);
  expect(certificates.named("example.com")).toBeUndefined();
  const local = certificates.local();
  now += 370 * DAY;
  expect(certificates.named("a.b.batch.azure.com")).not.toBe(first);
  expect(certificates.local()).not.toBe(local);
});

test("leaves of endless names do not pile up", () => {
  const certificates = serverCertificates(
    openCertificateAuthority(folder, start),
    hostAllowList(),
    () => start,
  );
  const first = certificates.named("n0.batch.azure.com");
  for (let i = 1; i <= 256; i++) certificates.named(`n${i}.batch.azure.com`);
  expect(certificates.named("n0.batch.azure.com")).not.toBe(first);
});
