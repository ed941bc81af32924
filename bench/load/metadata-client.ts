/**
 * Asks a metadata endpoint again and again, from inside a task or beside one, and prints how often it was answered. The least that
 * HTTP/1.1 asks of a client; it needs nothing but Node.js itself, for that is all that a node shows.
 *
 *   node metadata-client.ts '{"url", "connections", "startAt", "seconds", "keepAlive"}'
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

export interface MetadataLoad {
  /** With its query. */
  readonly url: string;
  readonly connections: number;
  /** Milliseconds since the epoch: all clients begin together. */
  readonly startAt: number;
  readonly seconds: number;
  /** One connection for all requests, or one for each. */
  readonly keepAlive: boolean;
}

const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;
const ANSWERED = "HTTP/1.1 200 ";

const plan = JSON.parse(process.argv[2] ?? "{}") as MetadataLoad;
const { hostname, port, host, pathname, search } = new URL(plan.url);
const head = [`GET ${pathname}${search} HTTP/1.1`, `Host: ${host}`, "Metadata: true"];
const request = `${[...head, ...(plan.keepAlive ? [] : ["Connection: close"]), "", ""].join("\r\n")}`;
const open = () =>
  connect(Number(port || 80), hostname)
    .setNoDelay(true)
    .setEncoding("latin1");

/** Resolves with the whole reply. */
async function ask(socket: Socket): Promise<void> {
  socket.write(request);
  for (let received = ""; ; ) {
    const [chunk] = (await once(socket, "data")) as [string];
    received += chunk;
    const headEnd = received.indexOf("\r\n\r\n");
    if (headEnd < 0) continue;
    const length = Number(CONTENT_LENGTH.exec(received.slice(0, headEnd))?.[1]);
    if (received.length < headEnd + 4 + length) continue;
    if (!received.startsWith(ANSWERED)) throw new Error(received.slice(0, 500));
    return;
  }
}

async function askInTurn(end: number): Promise<number> {
  let answered = 0;
  const kept = plan.keepAlive ? open() : undefined;
  while (Date.now() < end) {
    const socket = kept ?? open();
    await ask(socket);
    if (kept === undefined) socket.destroy();
    answered++;
  }
  kept?.destroy();
  return answered;
}

await ask(open());
await delay(plan.startAt - Date.now());
const end = plan.startAt + plan.seconds * 1_000;
const counts = await Promise.all(Array.from({ length: plan.connections }, () => askInTurn(end)));
console.log(JSON.stringify({ answered: counts.reduce((sum, each) => sum + each, 0) }));
process.exit(0);
