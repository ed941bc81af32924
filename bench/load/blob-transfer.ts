/**
 * Sends one blob of many bytes and reads it back, as one request each. `blob-load.ts` starts it, so that what it costs is not the service's.
 *
 *   node blob-transfer.ts URL CA_FILE BYTES
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";

const [url = "", caFile = "", bytes = "0"] = process.argv.slice(2);
const length = Number(bytes);
const piece = Buffer.alloc(1024 * 1024, "a blob's content ");
const { request, Agent } = url.startsWith("https:") ? https : http;
const agent = new Agent({ ca: readFileSync(caFile), keepAlive: true, maxSockets: 1 } as https.AgentOptions);
const VERSION = { "x-ms-version": "2021-12-02" };

process.on("message", (way: "up" | "down") => {
  const started = performance.now();
  (way === "up" ? up() : down()).then(
    () => process.send?.({ seconds: (performance.now() - started) / 1_000 }),
    (error: Error) => process.send?.({ failed: error.message }),
  );
});

async function up(): Promise<void> {
  const headers = { ...VERSION, "x-ms-blob-type": "BlockBlob", "content-length": String(length) };
  const sent = request(url, { method: "PUT", agent, headers });
  const replied = once(sent, "response") as Promise<[http.IncomingMessage]>;
  replied.catch(() => {});
  for (let at = 0; at < length; at += piece.length) {
    if (!sent.write(piece.subarray(0, length - at))) await once(sent, "drain");
  }
  sent.end();
  await whole((await replied)[0]);
}

async function down(): Promise<void> {
  const sent = request(url, { agent, headers: VERSION });
  sent.end();
  const [reply] = (await once(sent, "response")) as [http.IncomingMessage];
  const read = await whole(reply);
  if (read !== length) throw new Error(`${read} of ${length} bytes came back`);
}

/** @returns how many bytes it had */
async function whole(reply: http.IncomingMessage): Promise<number> {
  let read = 0;
  reply.on("data", (chunk: Buffer) => {
    read += chunk.length;
  });
  await once(reply, "end");
  if ((reply.statusCode ?? 500) >= 300) throw new Error(`it was answered ${reply.statusCode}`);
  return read;
}
