/** The search for secrets finds them wherever it looks, and tells them from what may stand there. */
import { hash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { searchFoldersForLeaks, searchForLeaks } from "./leak-search.fixture.ts";
import { noteSecret, seenSecrets, watchRequests } from "./seen-secrets.fixture.ts";

const opaque = () => randomBytes(32).toString("base64url");
const token = ["eyJhbGciOiJSUzI1NiJ9", "eyJzdWIiOiJhbm4ifQ", opaque()].join(".");
const userCode = "BCDFGHJ23";
const password = "known to this test alone";
noteSecret("a password", password);

let holder: string;
let folder: string;
let database: DatabaseSync;
beforeEach(() => {
  // What is planted here is not the run's.
  vi.stubEnv("BATCHYARD_LEAK_SEARCHES", undefined);
  holder = mkdtempSync(join(tmpdir(), "leak-search-test-"));
  folder = join(holder, "state");
  mkdirSync(folder);
  database = new DatabaseSync(join(folder, "state.db"));
  database.exec("pragma journal_mode = wal; create table code (hash text); create table job (spec text)");
  for (const name of ["audit", "nodes", "storage"]) mkdirSync(join(folder, name));
});
afterEach(() => {
  database.close();
  rmSync(holder, { recursive: true });
  vi.unstubAllEnvs();
});

const found = (log = ""): string => {
  try {
    searchForLeaks(folder, log);
    return "";
  } catch (error) {
    return (error as Error).message;
  }
};
const store = (table: "code" | "job", value: string) =>
  database.prepare(`insert into ${table} values (?)`).run(value);

test("hashes, ids and ordinary words are no secrets", () => {
  store("code", hash("sha256", opaque(), "base64url"));
  store("code", hash("sha256", opaque()));
  store("job", JSON.stringify({ id: "a job", other: opaque(), code: userCode }));
  writeFileSync(join(folder, "audit", "audit.jsonl"), `{"request":"${crypto.randomUUID()}"}\n`);
  expect(found(`${crypto.randomUUID()} GET failed: Error: none\n    at file.ts:1:1`)).toBe("");
});

test.each([
  ["a token", () => token],
  ["a private key", () => "-----BEGIN PRIVATE KEY-----"],
  ["a password", () => password],
])("%s is found in the log, in a column and in a file", (what, secret) => {
  expect(found(`GET /?x=${secret()}`)).toBe(`secrets in the clear: ${what} in the log`);
  writeFileSync(join(folder, "audit", "audit.jsonl"), JSON.stringify({ secret: secret() }));
  expect(found()).toBe(`secrets in the clear: ${what} in audit/audit.jsonl`);
  rmSync(join(folder, "audit", "audit.jsonl"));
  // Still in the log of writes: the database is open.
  store("job", JSON.stringify({ secret: secret() }));
  expect(found()).toBe(`secrets in the clear: ${what} in state.db-wal`);
});

test.each([
  ["a code or refresh token", opaque(), "base64url"],
  ["a device's user code", userCode, "base64url"],
  ["an application's secret", opaque(), "hex"],
] as const)("%s is known by its hash", (_, secret, encoding) => {
  store("code", hash("sha256", secret, encoding));
  expect(found()).toBe("");
  expect(found(`redeemed ${secret}.`)).toMatch(/what a stored hash is of in the log$/);
  store("job", JSON.stringify({ deep: [`x=${secret}`] }));
  expect(found()).toMatch(/what a stored hash is of in job\.spec$/);
  expect(found()).not.toContain(secret);
});

test("where secrets may stand nothing is searched", () => {
  for (const name of ["credentials.json", "nodes/stdout.txt", "storage/blob"])
    writeFileSync(join(folder, name), `${password} ${token}`);
  expect(found()).toBe("");
});

test("data folders are found below another", () => {
  writeFileSync(join(folder, "service.json"), password);
  expect(() => searchFoldersForLeaks(holder)).toThrow("a password in service.json");
});

test("what requests carry is noted, and reaches the server as it was", async () => {
  watchRequests();
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => response.end(JSON.stringify({ secretText: "given out once", body })));
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  const body = new URLSearchParams({ client_secret: "told by a client", scope: "no secret at all" });
  const headers = { authorization: "Basic Y2xpZW50OnNlY3JldA==" };
  const reply = await fetch(`http://127.0.0.1:${port}/token`, { method: "POST", body, headers });
  expect(await reply.json()).toEqual({ secretText: "given out once", body: body.toString() });
  expect(seenSecrets.get("told by a client")).toBe("a client_secret");
  expect(seenSecrets.get("given out once")).toBe("a secretText");
  expect(seenSecrets.get("Y2xpZW50OnNlY3JldA==")).toBe("a credential in a header");
  expect(seenSecrets.has("no secret at all")).toBe(false);
  server.close();
});
