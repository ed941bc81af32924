import { once } from "node:events";
import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { hostAllowList } from "../../src/http/host-allow-list.ts";
import { listen } from "../../src/http/listener.ts";
import { webSocketRoutes } from "../../src/http/upgrade-routes.ts";
import { type FrontDoor, openFrontDoor } from "./front-door.fixture.ts";
import { send, sendBytes, sendPlain } from "./raw-request.fixture.ts";

let door: FrontDoor;
beforeAll(async () => {
  door = await openFrontDoor();
});
afterAll(() => door.close());

test.each([
  ["management.azure.com", "arm"],
  ["graph.microsoft.com", "graph"],
  ["acct.westeurope.batch.azure.com", "batch acct westeurope"],
])("%s is answered by %s under its own certificate and name", async (host, plane) => {
  const reply = await send(door, { host, path: "/a/b?c=1" });
  expect(reply.json).toMatchObject({ plane, origin: `https://${host}`, path: "/a/b" });
});

test("on localhost the path tells the plane, also behind a doubled slash", async () => {
  expect((await send(door, { path: "//subscriptions/x" })).json).toMatchObject({
    plane: "arm",
    origin: `https://localhost:${door.main.port}`,
    path: "/subscriptions/x",
  });
  expect((await send(door, { path: "/v1.0/me" })).json.plane).toBe("graph");
  expect((await send(door, { path: "/metadata/endpoints" })).json.plane).toBe("arm");
  expect((await send(door, { path: "/nowhere" })).status).toBe(404);
  expect((await send(door, { path: "/metadata/identity/oauth2/token" })).status).toBe(501);
});

test("both loopback families answer on the same port", async () => {
  for (const address of ["127.0.0.1", "::1"]) {
    const text = await sendBytes(
      door.plain.port,
      "GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
      address,
    );
    expect(text).toContain('"status":"ok"');
  }
});

test.each(["evil.example", "evil.example:443", "localhost.evil.example", "169.254.169.253"])(
  "a request for %s is misdirected",
  async (host) => {
    expect((await sendPlain(door.plain.port, { host, path: "/health" })).status).toBe(421);
  },
);

test("the allow-list holds on the TLS port whatever server name the handshake carried", async () => {
  const socket = connectTls({
    port: door.main.port,
    host: "127.0.0.1",
    ca: door.ca,
    servername: "localhost",
  });
  await once(socket, "secureConnect");
  socket.write("GET /adfs/.well-known/openid-configuration HTTP/1.1\r\nhost: evil.example\r\n\r\n");
  const [chunk] = await once(socket, "data");
  expect(String(chunk)).toMatch(/^HTTP\/1.1 421 /);
  socket.destroy();
});

test("no certificate is minted for a name that is not ours", async () => {
  const socket = connectTls({
    port: door.main.port,
    host: "127.0.0.1",
    ca: door.ca,
    servername: "evil.example",
  });
  const [error] = await once(socket, "error");
  expect(error).toBeInstanceOf(Error);
});

test("a body beyond its limit is refused while the connection lives on", async () => {
  const declared = await send(door, { method: "POST", path: "/v1.0/x", body: Buffer.alloc(2048) });
  const headers = { "transfer-encoding": "chunked" };
  const chunked = await send(door, { method: "POST", path: "/v1.0/x", headers, body: Buffer.alloc(2048) });
  // The echo plane renders no faults: reaching the safety net shows that the fault was raised.
  for (const reply of [declared, chunked]) expect(reply.status).toBe(500);
  expect(door.log.filter((line) => line.includes("RequestBodyTooLarge")).length).toBe(0);
  expect(door.log.filter((line) => line.includes("1024 bytes at the most")).length).toBe(2);
  expect((await send(door, { method: "POST", path: "/v1.0/x", body: Buffer.alloc(1024) })).status).toBe(200);
});

test("garbage on either port ends that connection and nothing else", async () => {
  expect(await sendBytes(door.plain.port, "\x00\x01garbage\r\n\r\n")).toMatch(/^HTTP\/1.1 400 /);
  await sendBytes(door.main.port, "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n");
  await sendBytes(door.main.port, Buffer.alloc(512, 0x16));
  expect((await send(door, { path: "/v1.0/x" })).status).toBe(200);
});

test("headers without end are refused", async () => {
  const endless = `GET /health HTTP/1.1\r\nhost: localhost\r\n${"x".repeat(70_000)}`;
  expect(await sendBytes(door.plain.port, endless)).toMatch(/^HTTP\/1.1 431 /);
});

test.each([
  "GET /health HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n",
  "POST /health HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\n",
  "GET /health HTTP/1.1\r\n\r\n",
  "GET health HTTP/1.1\r\nhost: localhost\r\n\r\n",
])("an ambiguous request is refused: %j", async (bytes) => {
  expect(await sendBytes(door.plain.port, bytes)).toMatch(/^HTTP\/1.1 400 /);
});

test("the proxy ends a CONNECT to an Azure name in our own TLS", async () => {
  const tunnel = await connectThroughProxy("acct.westeurope.batch.azure.com:443");
  expect(tunnel.status).toBe(200);
  const servername = "acct.westeurope.batch.azure.com";
  const secure = connectTls({ socket: tunnel.socket, servername, ca: door.ca });
  await once(secure, "secureConnect");
  expect(secure.authorized).toBe(true);
  secure.write(`GET /pools HTTP/1.1\r\nhost: ${servername}\r\n\r\n`);
  const [chunk] = await once(secure, "data");
  expect(String(chunk)).toContain(`"origin":"https://${servername}"`);
  secure.destroy();
});

test.each([
  "example.com:443",
  "localhost:443",
  "127.0.0.1:22",
  "login.microsoftonline.com:80",
  "login.microsoftonline.com",
  "169.254.169.253:443",
  "management.azure.com.evil.example:443",
])("the proxy refuses to CONNECT to %s", async (authority) => {
  const { status, socket } = await connectThroughProxy(authority);
  expect(status).toBe(403);
  socket.destroy();
});

test("a client that vanishes in its tunnel does no harm", async () => {
  const { socket } = await connectThroughProxy("management.azure.com:443");
  socket.resetAndDestroy();
  await once(socket, "close");
  expect((await send(door, { path: "/v1.0/x" })).status).toBe(200);
});

test("the proxy answers absolute-form requests by their target's host, and no others", async () => {
  const ask = (path: string, host = "ignored.example") => sendPlain(door.proxy.port, { path, host });
  const login = await ask("https://login.microsoftonline.com/common/discovery/keys");
  expect(login.json.keys[0]).toMatchObject({ kty: "RSA", use: "sig" });
  expect((await ask("http://169.254.169.254/metadata/identity/oauth2/token")).status).toBe(501);
  expect((await ask("http://example.com/")).status).toBe(403);
  expect((await ask("http://localhost:22/")).status).toBe(403);
  expect((await ask("http://login.microsoftonline.com@example.com/")).status).toBe(403);
  expect((await ask("/health", "login.microsoftonline.com")).status).toBe(400);
});

test("the plain port serves health and nothing else", async () => {
  const reply = await sendPlain(door.plain.port, { path: "/health" });
  expect(reply.json).toEqual({ status: "ok", version: "1.2.3", pid: process.pid });
  expect((await sendPlain(door.plain.port, { path: "/subscriptions" })).status).toBe(404);
});

test("a client that sends its headers too slowly is told so and cut off", async () => {
  const limits = { headersTimeout: 100, requestTimeout: 100, connectionsCheckingInterval: 20 };
  const impatient = await listen({ port: 0, onRequest: () => {}, limits });
  expect(await sendBytes(impatient.port, "GET / HTTP/1.1\r\nhost:")).toMatch(/^HTTP\/1.1 408 /);
  await impatient.close();
});

test("only a WebSocket for a known path on this machine's names leaves HTTP", async () => {
  const sockets = new WebSocketServer({ noServer: true });
  sockets.on("connection", (socket) => socket.send("welcome"));
  const upgrade = webSocketRoutes(hostAllowList(), {
    "/agent": (request, socket, head) =>
      sockets.handleUpgrade(request, socket, head, (client) => sockets.emit("connection", client)),
  });
  const listener = await listen({ port: 0, upgrade, onRequest: (_, response) => response.end("plain") });
  const open = (path: string, headers = {}) =>
    new WebSocket(`ws://127.0.0.1:${listener.port}${path}`, { headers });

  const known = open("/agent");
  expect(String((await once(known, "message"))[0])).toBe("welcome");
  const [unknown] = await once(open("/other"), "error");
  expect(String(unknown)).toContain("Unexpected server response: 200");
  const [rebound] = await once(open("/agent", { host: "evil.example" }), "error");
  expect(String(rebound)).toContain("Unexpected server response: 200");
  const h2c = { connection: "upgrade", upgrade: "h2c" };
  expect((await sendPlain(listener.port, { path: "/agent", headers: h2c })).text).toBe("plain");
  known.terminate();
  await listener.close();
});

test("closing drops idle and half-open connections", async () => {
  const other = await openFrontDoor();
  const idle = connectTls({
    port: other.main.port,
    host: "127.0.0.1",
    ca: other.ca,
    servername: "localhost",
  });
  await once(idle, "secureConnect");
  const halfOpen = connectPlain(other.main.port, "127.0.0.1");
  await once(halfOpen, "connect");
  halfOpen.write("GET");
  const ended = Promise.all([once(idle, "close"), once(halfOpen, "close")]);
  for (const socket of [idle, halfOpen]) socket.on("error", () => {});
  await other.close();
  await ended;
});

async function connectThroughProxy(authority: string): Promise<{ status: number; socket: Socket }> {
  const socket = connectPlain(door.proxy.port, "127.0.0.1");
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nhost: ${authority}\r\n\r\n`);
  const [chunk] = await once(socket, "data");
  return { status: Number(/^HTTP\/1.1 (\d+)/.exec(String(chunk))?.[1]), socket };
}
