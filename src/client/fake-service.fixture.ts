/** A server that answers as it is told to, one reply per request, and keeps what it was sent. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

export interface FakeRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** `hang` never answers, `cut` breaks the connection. */
export type FakeReply =
  | "hang"
  | "cut"
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown };

export interface FakeService {
  readonly url: string;
  readonly requests: readonly FakeRequest[];
  close(): Promise<void>;
}

/** @param answer gets the request and how many came before it */
export async function fakeService(
  answer: (request: FakeRequest, index: number) => FakeReply,
): Promise<FakeService> {
  const requests: FakeRequest[] = [];
  const server = createServer(async (incoming: IncomingMessage, response: ServerResponse) => {
    const { method = "", url = "", headers } = incoming;
    const hasBody = Number(headers["content-length"] ?? 0) > 0;
    const request = { method, url, headers, body: hasBody ? await json(incoming) : undefined };
    requests.push(request);
    const reply = answer(request, requests.length - 1);
    if (reply === "hang") return;
    if (reply === "cut") return void incoming.socket.destroy();
    response.writeHead(reply.status, reply.headers);
    response.end(reply.body === undefined ? undefined : JSON.stringify(reply.body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
