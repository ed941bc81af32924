/** Clients that hold connections and say nothing, half a header or half a body keep nobody else from being served. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { BatchClient } from "../batch-client.ts";
import { KillableService, until } from "../killable-service.ts";

const SOCKETS = 200;

let service: KillableService;
let client: BatchClient;
const held: Socket[] = [];
beforeAll(async () => {
  service = await KillableService.start();
  client = new BatchClient(service.ready);
  await client.addPool("pool", 1, 4);
});
afterEach(() => {
  for (const socket of held.splice(0)) socket.destroy();
});
afterAll(async () => {
  client?.close();
  await service?.dispose();
});

function hold(socket: Socket): Socket {
  held.push(socket);
  return socket.on("error", () => {});
}

const portOf = (url: string) => Number(new URL(url).port);

/** A TLS connection to the account, through its handshake. */
async function connected(): Promise<Socket> {
  const ca = readFileSync(service.ready.caFile);
  const socket = connectTls({
    host: "127.0.0.1",
    port: portOf(service.ready.batch),
    servername: "localhost",
    ca,
  });
  hold(socket);
  await once(socket, "secureConnect");
  return socket;
}

const half: Readonly<Record<string, () => Promise<unknown>>> = {
  "nothing, not even a TLS handshake": async () => {
    const socket = hold(connectPlain(portOf(service.ready.batch), "127.0.0.1"));
    await once(socket, "connect");
  },
  "nothing on the main port": async () => {
    await once(hold(connectPlain(portOf(service.ready.login), "127.0.0.1")), "connect");
  },
  "nothing on the proxy's port": async () => {
    await once(hold(connectPlain(portOf(service.ready.proxy), "127.0.0.1")), "connect");
  },
  "nothing after the handshake": connected,
  "half a header": async () =>
    (await connected()).write("GET /jobs?api-version=2024-07-01.20.0 HTTP/1.1\r\nHost: loc"),
  "half a body": async () => {
    const { port } = new URL(service.ready.batch);
    const lines = [
      "POST /jobs HTTP/1.1",
      `Host: localhost:${port}`,
      "Content-Type: application/json",
      "Content-Length: 1000",
    ];
    (await connected()).write(`${lines.join("\r\n")}\r\n\r\n{"id":`);
  },
  "half a form for a token": async () => {
    const { port } = new URL(service.ready.login);
    const path = `/${service.ready.tenantId}/oauth2/token`;
    const ca = readFileSync(service.ready.caFile);
    const socket = hold(connectTls({ host: "127.0.0.1", port: Number(port), servername: "localhost", ca }));
    await once(socket, "secureConnect");
    const type = "Content-Type: application/x-www-form-urlencoded";
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: localhost:${port}\r\n${type}\r\nContent-Length: 99\r\n\r\ngrant_`,
    );
  },
  "many requests, and never read a reply": async () => {
    const { host } = new URL(service.ready.batch);
    const socket = (await connected()).pause();
    socket.write(`GET /jobs?api-version=2024-07-01.20.0 HTTP/1.1\r\nHost: ${host}\r\n\r\n`.repeat(100));
  },
};

test.each(Object.keys(half))(`${SOCKETS} connections that send %s`, async (what) => {
  for (let opened = 0; opened < SOCKETS; opened += 20) {
    await Promise.all(Array.from({ length: 20 }, () => half[what]?.()));
  }
  const fresh = new BatchClient(service.ready);
  try {
    const jobId = `job-${Object.keys(half).indexOf(what)}`;
    await fresh.addJob(jobId, "pool");
    await fresh.addTasks(jobId, [{ id: "t", commandLine: "/bin/true" }]);
    await until("the task's end", async () => (await fresh.counts(jobId)).completed === 1);
  } finally {
    fresh.close();
  }
});

test("a stop does not wait for them", async () => {
  await Promise.all(Object.values(half).map((open) => open()));
  await service.stop();
  expect(() => process.kill(service.pid, 0)).toThrow();
});
