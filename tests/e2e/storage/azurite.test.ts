/** Azurite as this service runs it: started on first use, found by nobody else, ended with the service. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Azurite } from "../../../src/compute/azurite.ts";
import { identifyProcess } from "../../../src/compute/process-identity.ts";
import { openCertificateAuthority } from "../../../src/http/certificate-authority.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "batchyard-azurite-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function azurite() {
  const authority = openCertificateAuthority(folder, Date.now());
  return new Azurite({
    folder: join(folder, "storage"),
    accounts: () => [{ name: "kept", keys: [Buffer.alloc(64, 1), Buffer.alloc(64, 2)] }],
    delegationSecret: Buffer.alloc(32, 3),
    certificate: (name) => authority.mintLeaf([name], Date.now()),
    caFile: authority.caFile,
    log: () => {},
  });
}

async function status(backend: Azurite): Promise<number> {
  const request = await backend.send({
    method: "GET",
    target: "/?comp=list",
    host: "kept.blob.core.windows.net",
    headers: [],
  });
  request.end();
  const [response] = await once(request, "response");
  response.resume();
  return response.statusCode;
}

const pid = async () => JSON.parse(await readFile(join(folder, "storage", "azurite.json"), "utf8")).pid;

test("it starts on first use, again after its death, and ends with the service", async () => {
  const backend = azurite();
  expect(existsSync(join(folder, "storage"))).toBe(false);
  expect(await status(backend)).toBe(403);
  const first = await pid();
  process.kill(first, "SIGKILL");
  await expect.poll(() => status(backend).catch(() => 0), { timeout: 20_000 }).toBe(403);
  const second = await pid();
  expect(second).not.toBe(first);
  await backend.close();
  expect(identifyProcess(second)).toBeUndefined();
  await expect(status(backend)).rejects.toMatchObject({ code: "StorageUnavailable" });
}, 60_000);

test("it closes properly when nobody reads any longer what it says: its index is written at the very end", async () => {
  const program = join(import.meta.dirname, "../../../src/compute/azurite-process.ts");
  const flags = ["--blobHost", "127.0.0.1", "--blobPort", "0", "--location", folder];
  const child = spawn(process.execPath, [program, ...flags, "--silent", "--disableTelemetry"], {
    cwd: folder,
  });
  const secrets = { accounts: `kept:${Buffer.alloc(64, 1).toString("base64")}`, delegationSecret: "" };
  child.stdin.write(`${JSON.stringify(secrets)}\n`);
  let said = "";
  for await (const chunk of child.stdout) {
    said += chunk;
    if (said.includes("successfully listens")) break; // which closes the pipe, as a service's death does
  }
  child.stderr.destroy();
  const ended = once(child, "exit");
  child.stdin.end();
  expect(await ended).toEqual([0, null]);
}, 60_000);
