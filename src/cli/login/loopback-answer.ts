/**
 * A loopback port that takes one answer of the authorization endpoint, the one that brings our state. Whatever else comes,
 * from this machine's other programs or a page that guesses ports, is refused and changes nothing.
 */
import { timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface AnswerListener {
  readonly redirectUri: string;
  /** Rejects when the signal is aborted. */
  readonly answer: Promise<URLSearchParams>;
  close(): void;
}

export async function listenForAnswer(state: string, signal: AbortSignal): Promise<AnswerListener> {
  const { promise: answer, resolve, reject } = Promise.withResolvers<URLSearchParams>();
  // The one who waits comes later, and may have failed before.
  answer.catch(() => undefined);
  let isTaken = false;
  const server = createServer((incoming, response) => {
    const { pathname, searchParams } = new URL(incoming.url ?? "/", redirectUri);
    if (incoming.headers.host !== host || incoming.method !== "GET" || pathname !== "/")
      return replyText(response, 404, "There is nothing here.");
    if (isTaken || !isSame(searchParams.get("state") ?? "", state))
      return replyText(response, 400, "This sign-in was not asked for, or is over.");
    isTaken = true;
    const isDone = searchParams.has("code");
    replyText(response, 200, `${isDone ? "Done" : "It did not work"}: go back to the command line.`);
    response.once("close", () => resolve(searchParams));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const redirectUri = `http://${host}`;
  const giveUp = () => reject(signal.reason);
  signal.addEventListener("abort", giveUp, { once: true });
  if (signal.aborted) giveUp();
  return {
    redirectUri,
    answer,
    close() {
      signal.removeEventListener("abort", giveUp);
      server.close();
      server.closeAllConnections();
    },
  };
}

function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Plain text: nothing that came in is shown. */
function replyText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    connection: "close",
  });
  response.end(`${text}\n`);
}
