import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSocketDoor } from "./socket-door.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "door-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const upgrade = {
  accepts: ({ url }: { url?: string | undefined }) => url === "/agent",
  handle: (_: unknown, socket: { end(text: string): void }) =>
    socket.end("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\n\r\n"),
};

async function ask(socketPath: string, path: string): Promise<number | undefined> {
  const asking = request({
    socketPath,
    path,
    headers: { connection: "upgrade", upgrade: "websocket" },
  }).end();
  const [reply] = await Promise.race([once(asking, "response"), once(asking, "upgrade")]);
  asking.destroy();
  return reply.statusCode;
}

test("a socket that a dead service has left gives way; what is no upgrade is nowhere", async () => {
  const path = join(folder, "agents.sock");
  writeFileSync(path, "");
  const door = await openSocketDoor(path, upgrade);
  expect(door?.path).toBe(path);
  expect([await ask(path, "/agent"), await ask(path, "/other")]).toEqual([101, 404]);
  await door?.close();
  expect(existsSync(path)).toBe(false);
});

test("there is none where the path is too long, or its folder takes no sockets", async () => {
  expect(await openSocketDoor(join(folder, "x".repeat(107 - folder.length)), upgrade)).toBeUndefined();
  expect(await openSocketDoor(join(folder, "missing", "agents.sock"), upgrade)).toBeUndefined();
});
