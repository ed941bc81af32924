/** Questions about files that await an agent's answer, and the contents that stream in, on one connection. */
import { Readable } from "node:stream";
import { Fault } from "../../core/fault.ts";
import { CLOSE_MISFIT, FrameFault } from "../../wire/agent/frame.ts";
import type { FileAsk, FileProperties, FileRef, FromAgent, ToAgent } from "../../wire/agent/messages.ts";

type FileMessage = Extract<FromAgent, { readonly id: number }>;

/**
 * How far an agent may be ahead of a reader. Bytes. As much may arrive in one turn of the event loop, and be encrypted again in the same:
 * a request or an order passes through several turns. A mebibyte doubled the time of a small task's start, and read no file faster.
 */
const READ_AHEAD = 256 * 1024;
/** An agent that has said nothing for so long will not: whoever asked is told so. Milliseconds. */
const ANSWER_MS = 120_000;

interface Pending {
  readonly receive: (message: FileMessage) => void;
  /** Absent where no content was asked for. */
  readonly receiveChunk?: (bytes: Buffer) => void;
  readonly fail: (error: Error) => void;
}

export class FileExchanges {
  readonly #send: (message: ToAgent) => void;
  readonly #pending = new Map<number, Pending>();
  #last = 0;

  constructor(send: (message: ToAgent) => void) {
    this.#send = send;
  }

  receive(message: FileMessage): void {
    this.#pending.get(message.id)?.receive(message);
  }

  /** A piece of a file. @throws FrameFault for more than was granted */
  receiveChunk(id: number, bytes: Buffer): void {
    this.#pending.get(id)?.receiveChunk?.(bytes);
  }

  /** The connection is gone: nobody will answer. */
  close(): void {
    for (const { fail } of this.#pending.values()) {
      fail(new Fault("OperationInvalidForCurrentState", "The node's connection was lost."));
    }
    this.#pending.clear();
  }

  async list(
    file: FileRef,
    options: { readonly recursive: boolean; readonly after?: string; readonly limit: number },
  ): Promise<{ entries: readonly FileProperties[]; more: boolean }> {
    const answer = await this.#ask(file, { op: "list", ...options }, "file.list");
    return { entries: answer.entries, more: answer.more };
  }

  async stat(file: FileRef): Promise<FileProperties> {
    return (await this.#ask(file, { op: "stat" }, "file.stat")).properties;
  }

  async delete(file: FileRef, recursive: boolean): Promise<void> {
    await this.#ask(file, { op: "delete", recursive }, "file.deleted");
  }

  /** Resolves with the properties; the content follows as it is read. */
  read(
    file: FileRef,
    range: { readonly start?: number; readonly end?: number },
  ): Promise<{ properties: FileProperties; body: Readable }> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      let isDone = false;
      /** Bytes pushed beyond what the reader had asked for. */
      let untaken = 0;
      const body = new Readable({
        read: () => {
          give(untaken);
          untaken = 0;
        },
        destroy: (error, callback) => {
          if (!isDone) this.#send({ t: "file.cancel", id });
          this.#pending.delete(id);
          callback(error);
        },
      });
      // Whoever reads hears of an error by reading; before anybody does, it must not end the process.
      body.on("error", () => {});
      const end = (error?: Error) => {
        isDone = true;
        this.#pending.delete(id);
        if (error) {
          reject(error);
          body.destroy(error);
        } else body.push(null);
      };
      let owed = 0;
      let granted = READ_AHEAD;
      const give = (bytes: number) => {
        owed += bytes;
        if (owed < READ_AHEAD / 4) return;
        this.#send({ t: "file.credit", id, bytes: owed });
        granted += owed;
        owed = 0;
      };
      const receiveChunk = (chunk: Buffer) => {
        granted -= chunk.length;
        if (granted < 0) throw new FrameFault(CLOSE_MISFIT, "More of a file was sent than was asked for.");
        // Credit goes back only as the reader takes the bytes.
        if (body.push(chunk)) give(chunk.length);
        else untaken += chunk.length;
      };
      const patience = this.#patience(end);
      this.#pending.set(id, {
        fail: (error) => {
          clearTimeout(patience);
          end(error);
        },
        receiveChunk,
        receive: (message) => {
          clearTimeout(patience);
          if (message.t === "file.stat") resolve({ properties: message.properties, body });
          else if (message.t === "file.end") end();
          else if (message.t === "file.error") end(fault(message.code, message.message));
          else if (message.t === "file.chunk") receiveChunk(Buffer.from(message.data, "base64"));
        },
      });
      this.#send({ t: "file.ask", id, file, ask: { op: "read", ...range } });
      this.#send({ t: "file.credit", id, bytes: READ_AHEAD });
    });
  }

  #ask<T extends FileMessage["t"]>(
    file: FileRef,
    ask: FileAsk,
    expected: T,
  ): Promise<Extract<FileMessage, { t: T }>> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      const patience = this.#patience((error) => {
        this.#pending.delete(id);
        this.#send({ t: "file.cancel", id });
        reject(error);
      });
      this.#pending.set(id, {
        fail: (error) => {
          clearTimeout(patience);
          reject(error);
        },
        receive: (message) => {
          clearTimeout(patience);
          this.#pending.delete(id);
          if (message.t === "file.error") reject(fault(message.code, message.message));
          else if (message.t === expected) resolve(message as Extract<FileMessage, { t: T }>);
          else reject(new Error(`agent answered ${message.t} where ${expected} was asked`));
        },
      });
      this.#send({ t: "file.ask", id, file, ask });
    });
  }

  /** Until the first word of an answer. */
  #patience(fail: (error: Fault) => void): NodeJS.Timeout {
    return setTimeout(
      () => fail(new Fault("OperationTimedOut", "The node did not answer in time.")),
      ANSWER_MS,
    ).unref();
  }
}

function fault(code: string, message: string): Fault {
  return new Fault(code, message);
}
