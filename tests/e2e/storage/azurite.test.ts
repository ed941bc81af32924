/** Azurite as this service runs it: started on first use, found by nobody else, ended with the service. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, readlink, rm, stat } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Azurite } from "../../../src/compute/azurite.ts";
import { identifyProcess } from "../../../src/compute/process-identity.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "batchyard-azurite-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function azurite(storage = join(folder, "storage")) {
  return new Azurite({ folder: storage, log: () => {} });
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

/** By the socket, as whoever may open the file. */
async function strangerStatus(path: string, headers: Record<string, string>): Promise<number> {
  const request = httpRequest({
    socketPath: join(folder, "storage", "azurite.sock"),
    path,
    headers: { host: "kept.blob.core.windows.net", ...headers },
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
  expect(await status(backend)).toBe(200);
  const first = await pid();
  process.kill(first, "SIGKILL");
  await expect.poll(() => status(backend).catch(() => 0), { timeout: 20_000 }).toBe(200);
  const second = await pid();
  expect(second).not.toBe(first);
  await backend.close();
  expect(identifyProcess(second)).toBeUndefined();
  await expect(status(backend)).rejects.toMatchObject({ code: "StorageUnavailable" });
}, 60_000);

test("it listens on no port, its folder is its owner's alone, and nobody without its secret is believed", async () => {
  const backend = azurite();
  expect(await status(backend)).toBe(200);
  expect((await stat(join(folder, "storage"))).mode & 0o777).toBe(0o700);
  const inodes = await socketsOf(await pid());
  const [tcp, tcp6] = await Promise.all(["tcp", "tcp6"].map((name) => readFile(`/proc/net/${name}`, "utf8")));
  expect(inodes.filter((inode) => `${tcp}${tcp6}`.includes(` ${inode} `))).toEqual([]);
  // What the front refuses, and what Azurite would have taken: its own account's key, a signature, a public container.
  const key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
  for (const authorization of ["", `SharedKey devstoreaccount1:${key}`, "Bearer x.y.z", "x".repeat(43)]) {
    expect(await strangerStatus("/?comp=list", { authorization })).toBe(403);
  }
  expect(await strangerStatus("/public/blob", {})).toBe(403);
  await backend.close();
}, 60_000);

async function socketsOf(process: number): Promise<string[]> {
  const links = await Promise.all(
    (await readdir(`/proc/${process}/fd`)).map((name) =>
      readlink(`/proc/${process}/fd/${name}`).catch(() => ""),
    ),
  );
  return links.filter((link) => link.startsWith("socket:")).map((link) => link.slice("socket:[".length, -1));
}

test("a data folder that lies too deep for a socket's path is reached all the same", async () => {
  const backend = azurite(join(folder, "deep".repeat(30), "storage"));
  expect(await status(backend)).toBe(200);
  await backend.close();
}, 60_000);

test("it closes properly when nobody reads any longer what it says: its index is written at the very end", async () => {
  const program = join(import.meta.dirname, "../../../src/compute/azurite-process.ts");
  const flags = ["--location", folder];
  const child = spawn(process.execPath, [program, ...flags, "--silent", "--disableTelemetry"], {
    cwd: folder,
  });
  child.stdin.write(`${JSON.stringify({ secret: "known" })}\n`);
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
