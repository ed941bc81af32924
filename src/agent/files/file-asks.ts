/** Answers the service's questions about a node's files, many at a time, and lets it stop listening to any of them. */
import type { FileProperties, FromAgent, ToAgent } from "../../wire/agent/messages.ts";
import { said } from "../said.ts";
import { Turns } from "../turns.ts";
import { deleteFile } from "./file-delete.ts";
import { FileFault, fileFault } from "./file-fault.ts";
import { listFiles } from "./file-list.ts";
import { Credit, readFile } from "./file-read.ts";
import { FolderDeletions } from "./folder-deletions.ts";
import { fileProperties, openBelow } from "./node-path.ts";

type Ask = Extract<ToAgent, { t: "file.ask" }>;

/** Lists and deletions of one node at a time: the others wait, so that what one task has made costs others no descriptors. */
const WALKS_PER_NODE = 4;
/** Questions about one node that are open at a time, waiting ones included; each reading holds a descriptor. */
const OPEN_PER_NODE = 500;

export interface FileAsksOptions {
  readonly send: (message: FromAgent) => void;
  /** The bytes are only good until it resolves. */
  readonly sendChunk: (id: number, bytes: Buffer) => Promise<void>;
  readonly log: (line: string) => void;
}

export class FileAsks {
  readonly #options: FileAsksOptions;
  readonly #open = new Map<number, Credit>();
  readonly #openOf = new Map<string, number>();
  readonly #walks = new Map<string, Turns>();
  /** What a run may have to wait for. */
  readonly deletions = new FolderDeletions();

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
    const answered = this.#counted(message, root, credit, say);
    const { file, ask } = message;
    if (ask.op === "delete" && ask.recursive) this.deletions.add(file.nodeKey, file.path, answered);
    answered
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

  async #counted(
    message: Ask,
    ...how: [string | undefined, Credit, (answer: FromAgent) => void]
  ): Promise<void> {
    const { nodeKey } = message.file;
    const open = this.#openOf.get(nodeKey) ?? 0;
    if (open >= OPEN_PER_NODE)
      throw new FileFault(
        "OperationInvalidForCurrentState",
        "Too many of the node's files are read just now.",
      );
    this.#openOf.set(nodeKey, open + 1);
    try {
      await this.#answer(message, ...how);
    } finally {
      const left = (this.#openOf.get(nodeKey) ?? 1) - 1;
      if (left > 0) this.#openOf.set(nodeKey, left);
      else {
        this.#openOf.delete(nodeKey);
        this.#walks.delete(nodeKey);
      }
    }
  }

  /** When it is its turn. */
  async #walk<T>(nodeKey: string, credit: Credit, work: () => Promise<T>): Promise<T> {
    const turns = this.#walks.get(nodeKey) ?? new Turns(WALKS_PER_NODE);
    this.#walks.set(nodeKey, turns);
    await turns.take();
    try {
      if (credit.cancelled) throw new FileFault("OperationInvalidForCurrentState", "Nobody waits for it.");
      return await work();
    } finally {
      turns.give();
    }
  }

  async #answer(
    { id, file: { nodeKey, path }, ask }: Ask,
    root: string | undefined,
    credit: Credit,
    say: (answer: FromAgent) => void,
  ): Promise<void> {
    if (root === undefined) throw new FileFault("FileNotFound", "The node is not here.");
    const tell = (properties: FileProperties): void => say({ t: "file.stat", id, properties });
    switch (ask.op) {
      case "list":
        say({
          t: "file.list",
          id,
          ...(await this.#walk(nodeKey, credit, () =>
            listFiles({ root, path, ...ask, isCancelled: () => credit.cancelled }),
          )),
        });
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
        await this.#walk(nodeKey, credit, () => deleteFile(root, path, ask.recursive));
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
