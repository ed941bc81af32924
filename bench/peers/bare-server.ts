/**
 * The limit of an HTTPS server in Node.js: `node:https` that answers every request with the same body, without looking at it.
 * Prints its port.
 *
 *   node bare-server.ts LEAF_FILE BODY_BYTES
 */
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";

const [leafFile = "", bodyBytes = "0"] = process.argv.slice(2);
const { cert, key } = JSON.parse(readFileSync(leafFile, "utf8"));
const body = "x".repeat(Number(bodyBytes));

const server = createServer({ cert, key }, (_request, response) => response.end(body));
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
