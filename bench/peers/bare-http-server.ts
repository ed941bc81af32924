/**
 * The limit of an HTTP server in Node.js: `node:http` that answers every request with the same body, without looking at it. Prints
 * its port.
 *
 *   node bare-http-server.ts BODY_BYTES
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const body = "x".repeat(Number(process.argv[2] ?? "0"));
const server = createServer((_request, response) => response.end(body));
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
