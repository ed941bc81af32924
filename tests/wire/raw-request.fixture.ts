/** Sends requests as a stranger may: any Host, any target, any bytes. */
import { request as httpRequest, type IncomingHttpHeaders, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect, type Socket } from "node:net";

export interface RawReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what a JSON body says it is
  readonly json: any;
}

export interface RawRequest {
  readonly method?: string;
  readonly path: string;
  readonly host?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** A main port and the authority that vouches for it. */
export interface Door {
  readonly main: { readonly port: number };
  /** PEM. */
  readonly ca: string;
}

/** To the main port, over TLS that trusts the door's authority; `host` is Host header and SNI. */
export function send(
  door: Door,
  { host = `localhost:${door.main.port}`, ...rest }: RawRequest,
): Promise<RawReply> {
  const servername = host.replace(/:\d+$/, "");
  const options = {
    port: door.main.port,
    ca: door.ca,
    servername: /^[\d.]+$|^\[/.test(servername) ? "" : servername,
  };
  return exchange(httpsRequest, options, { host, ...rest });
}

/** In clear, to the port given; the path goes out as it is, absolute form included. */
export function sendPlain(port: number, request: RawRequest): Promise<RawReply> {
  return exchange(httpRequest, { port }, request);
}

/** To any of a service's TLS ports. */
export function sendTo({ port, host }: URL, ca: string, request: RawRequest): Promise<RawReply> {
  return exchange(httpsRequest, { port: Number(port), ca, servername: "localhost" }, { host, ...request });
}

/** A form to a path of the main port. */
export function postForm(
  door: Door,
  path: string,
  form: Record<string, string> | string,
  headers: Record<string, string> = {},
): Promise<RawReply> {
  const body = typeof form === "string" ? form : new URLSearchParams(form).toString();
  const contentType = { "content-type": "application/x-www-form-urlencoded" };
  return send(door, { method: "POST", path, body, headers: { ...contentType, ...headers } });
}

function exchange(
  open: typeof httpsRequest,
  options: RequestOptions & { ca?: string; servername?: string },
  { method = "GET", path, host, headers = {}, body }: RawRequest,
): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    const outgoing = open(
      {
        host: "127.0.0.1",
        agent: false,
        ...options,
        method,
        path,
        headers: { ...headers, ...(host !== undefined && { host }) },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          const isJson = incoming.headers["content-type"]?.includes("json") && text !== "";
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text,
            json: isJson ? JSON.parse(text) : undefined,
          });
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** Writes bytes to a port and resolves with what came back when the other side closes. */
export function sendBytes(port: number, bytes: string | Buffer, address = "127.0.0.1"): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket: Socket = connect(port, address, () => socket.write(bytes));
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => resolve(Buffer.concat(chunks).toString("latin1")));
  });
}
