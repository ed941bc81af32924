import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openCertificateAuthority } from "../../http/certificate-authority.ts";
import { InsideNetwork } from "./inside-network.ts";

const folder = mkdtempSync(join(tmpdir(), "batchyard-inside-"));
const authority = openCertificateAuthority(folder, Date.now());
/** Answers with the port that the request came from. */
const answer: http.RequestListener = ({ socket }, reply) => void reply.end(String(socket.remotePort));
const plain = http.createServer(answer);
const secured = https.createServer(authority.mintLeaf(["files.test"], Date.now()), answer);
const port = (server: http.Server | https.Server) => (server.address() as AddressInfo).port;

beforeAll(async () => {
  for (const server of [plain, secured]) await once(server.listen(0, "127.0.0.1"), "listening");
});
afterAll(() => {
  for (const server of [plain, secured]) server.close().closeAllConnections();
  rmSync(folder, { recursive: true });
});

/** As the init does it: the address is given, and the socket may not be connected yet. */
function network(asked: string[] = []): InsideNetwork {
  const connectInside = async (address: string) => {
    asked.push(address);
    const [host, at] = address.split(":");
    return connect({ host, port: Number(at) });
  };
  return new InsideNetwork(connectInside, () => undefined);
}

async function get({ agents }: InsideNetwork, more: https.RequestOptions = {}): Promise<string> {
  const [reply] = await once(
    http.get({ agent: agents["http:"], host: "127.0.0.1", port: port(plain), path: "/file", ...more }),
    "response",
  );
  return text(reply);
}

async function getSecured({ agents }: InsideNetwork, servername: string): Promise<string> {
  const ca = readFileSync(authority.caFile);
  const target = { agent: agents["https:"], host: "127.0.0.1", port: port(secured), path: "/file" };
  const [reply] = await once(https.get({ ...target, servername, ca }), "response");
  return text(reply);
}

test("requests go by the connections that it is given, which stay open", async () => {
  const asked: string[] = [];
  const node = network(asked);
  expect(await get(node)).toBe(await get(node));
  expect(asked).toEqual([`127.0.0.1:${port(plain)}`]);
  node.close();
});

test("one node's connection is never another's", async () => {
  const [first, second] = [network(), network()];
  expect(await get(first)).not.toBe(await get(second));
  first.close();
  second.close();
});

test("TLS is between this process and the server, whose name is checked", async () => {
  const node = network();
  expect(await getSecured(node, "files.test")).toMatch(/^\d+$/);
  await expect(getSecured(node, "other.test")).rejects.toThrow("other.test");
  node.close();
});

test("what the node cannot connect to fails the request", async () => {
  const node = new InsideNetwork(
    () => Promise.reject(new Error("connect ENETUNREACH 203.0.113.1:80")),
    () => undefined,
  );
  await expect(get(node)).rejects.toThrow("connect ENETUNREACH 203.0.113.1:80");
  await expect(get(node, { host: "2001:db8::1" })).rejects.toThrow("no way to 2001:db8::1");
});
