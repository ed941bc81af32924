/** Answers the service's questions about a node's files, many at a time, and lets it stop listening to any of them. */
import type { FileProperties, FromAgent, ToAgent } from "../../wire/agent/messages.ts";
import { said } from "../said.ts";
import { deleteFile } from "./file-delete.ts";
import { FileFault, fileFault } from "./file-fault.ts";
import { listFiles } from "./file-list.ts";
import { Credit, readFile } from "./file-read.ts";
import { fileProperties, openBelow } from "./node-path.ts";

type Ask = Extract<ToAgent, { t: "file.ask" }>;

export interface FileAsksOptions {
  readonly send: (message: FromAgent) => void;
  /** The bytes are only good until it resolves. */
  readonly sendChunk: (id: number, bytes: Buffer) => Promise<void>;
  readonly log: (line: string) => void;
}

export class FileAsks {
  readonly #options: FileAsksOptions;
  readonly #open = new Map<number, Credit>();

  constructor(options: FileAsksOptions) {
    this.#options = options;
  }

  /** @param root the node's folder; undefined when there is no such node here */
  ask(message: Ask, root: string | undefined): void {
    const { id } = message;
    if (this.#open.has(id)) return; // told twice
    const credit = new Credit();
    this.#open.set(id, credit);
    const say = (answer: FromAgent): void => {
      if (!credit.cancelled) this.#options.send(answer);
    };
    this.#answer(message, root, credit, say)
      .catch((error: unknown) => {
        const { code, message } = fileFault(error);
        if (code === "InternalError") this.#options.log(`a file could not be served: ${message}`);
        say({ t: "file.error", id, code, message: said(message) });
      })
      .finally(() => {
        if (this.#open.get(id) === credit) this.#open.delete(id);
      });
  }

  credit(id: number, bytes: number): void {
    this.#open.get(id)?.grant(bytes);
  }

  cancel(id: number): void {
    this.#open.get(id)?.cancel();
    this.#open.delete(id);
  }

  cancelAll(): void {
    for (const id of [...this.#open.keys()]) this.cancel(id);
  }

  async #answer(
    { id, file: { path }, ask }: Ask,
    root: string | undefined,
    credit: Credit,
    say: (answer: FromAgent) => void,
  ): Promise<void> {
    if (root === undefined) throw new FileFault("FileNotFound", "The node is not here.");
    const tell = (properties: FileProperties): void => say({ t: "file.stat", id, properties });
    switch (ask.op) {
      case "list":
        say({ t: "file.list", id, ...(await listFiles({ root, path, ...ask })) });
        break;
      case "stat":
        tell(await statFile(root, path));
        break;
      case "read":
        await readFile({
          root,
          path,
          ...ask,
          credit,
          onProperties: tell,
          onChunk: (bytes) => this.#options.sendChunk(id, bytes),
        });
        say({ t: "file.end", id });
        break;
      case "delete":
        await deleteFile(root, path, ask.recursive);
        say({ t: "file.deleted", id });
        break;
    }
  }
}

async function statFile(root: string, path: string): Promise<FileProperties> {
  const handle = await openBelow(root, path);
  try {
    return fileProperties(path, await handle.stat());
  } finally {
    await handle.close();
  }
}
