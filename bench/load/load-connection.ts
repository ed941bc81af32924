/**
 * One keep-alive TLS connection with one request under way: the least that HTTP/1.1 asks of a client, because every cycle
 * spent here is one that the service cannot have. It reads replies that declare their length, and no others.
 */
import { once } from "node:events";
import { connect, type TLSSocket } from "node:tls";

const HEAD_END = Buffer.from("\r\n\r\n");
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;
/** `HTTP/1.1 ` stands before the status. */
const STATUS_AT = 9;

export interface Reply {
  readonly status: number;
  readonly body: Buffer;
}

export class LoadConnection {
  readonly #socket: TLSSocket;
  /** Of the reply that is under way; a long body is put together once, when it is whole. */
  #chunks: Buffer[] = [];
  #receivedBytes = 0;
  #expected: { readonly status: number; readonly bodyAt: number; readonly end: number } | undefined;
  #resolve: (reply: Reply) => void = () => {};
  #reject: (error: Error) => void = () => {};

  static async open(port: number, ca: Buffer): Promise<LoadConnection> {
    const socket = connect({ port, host: "127.0.0.1", servername: "localhost", ca });
    await once(socket, "secureConnect");
    return new LoadConnection(socket.setNoDelay(true));
  }

  private constructor(socket: TLSSocket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("error", (error) => this.#reject(error));
    socket.on("close", () => this.#reject(new Error("the connection was closed")));
  }

  send(request: Buffer): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#receivedBytes += chunk.length;
    this.#expected ??= this.#head();
    if (this.#expected === undefined || this.#receivedBytes < this.#expected.end) return;
    const { status, bodyAt } = this.#expected;
    const body = Buffer.concat(this.#chunks).subarray(bodyAt);
    this.#chunks = [];
    this.#receivedBytes = 0;
    this.#expected = undefined;
    this.#resolve({ status, body });
  }

  /** Undefined until it is whole. */
  #head(): { status: number; bodyAt: number; end: number } | undefined {
    const received = Buffer.concat(this.#chunks);
    this.#chunks = [received];
    const headEnd = received.indexOf(HEAD_END);
    if (headEnd < 0) return undefined;
    const head = received.toString("latin1", 0, headEnd);
    const length = CONTENT_LENGTH.exec(head)?.[1];
    if (length === undefined) {
      this.#reject(new Error(`a reply without a length: ${head}`));
      return undefined;
    }
    const bodyAt = headEnd + HEAD_END.length;
    return {
      status: Number(head.slice(STATUS_AT, STATUS_AT + 3)),
      bodyAt,
      end: bodyAt + Number(length),
    };
  }
}
