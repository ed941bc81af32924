/**
 * Which process of a node holds the other end of a connection to one of its endpoints: a stream says nothing of its peer, but the
 * kernel lists the sockets of the node's network with their users, and each process's descriptors with their sockets. The user is
 * that of whoever made the socket, so that handing it on changes nothing. What a node can make long is read so far and no further,
 * one connection of a node at a time.
 */
import type { Dirent } from "node:fs";
import { open, opendir, readFile, readlink } from "node:fs/promises";
import type { Socket } from "node:net";
import { type SocketLine, socketLine, socketName } from "../../core/audit/socket-line.ts";

export interface ConnectionOwner {
  /** As the agent's namespace numbers it. */
  readonly user: number;
  /** Path of its program; undefined where it is not found, or has not been looked for. */
  readonly program: string | undefined;
}

const PIECE_BYTES = 64 * 1024;
/** Of one table: some ten thousand sockets. */
const TABLE_MAX_BYTES = 2 * 1024 * 1024;
/**
 * Of all the machine's processes, and the descriptors of the node's: read for one connection, and in one second for all of them. Each
 * costs some 30 microseconds; connections beyond that are told by their users alone.
 */
const LINKS_MAX = 16_384;
const PROGRAM_SHOWN_MAX = 200;

export class ConnectionOwners {
  readonly #holder: number;
  /** The node's init proper, which is there as long as the node. */
  #pid: string | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #second = 0;
  #links = 0;

  /** @param holder the process whose one child is the first of the node's network */
  constructor(holder: number) {
    this.#holder = holder;
  }

  /** Undefined for a connection that no process holds any more, and where the kernel does not say. */
  async of(socket: Socket): Promise<ConnectionOwner | undefined> {
    const found = this.#queue.then(() => this.#find(socket));
    this.#queue = found.catch(() => undefined);
    return found;
  }

  async #find(socket: Socket): Promise<ConnectionOwner | undefined> {
    const { remoteAddress, remotePort = 0, localAddress, localPort = 0 } = socket;
    if (remoteAddress === undefined || localAddress === undefined) return undefined; // it has gone
    this.#pid ??= await childOf(this.#holder);
    const [from, to] = [socketName(remoteAddress, remotePort), socketName(localAddress, localPort)];
    for (const table of ["tcp", "tcp6"] as const) {
      const line = await this.#line(table, from[table], to[table]);
      if (line === undefined) continue;
      return line.inode === 0 ? undefined : { user: line.user, program: await this.#program(line.inode) };
    }
    return undefined;
  }

  async #line(
    table: "tcp" | "tcp6",
    from: string | undefined,
    to: string | undefined,
  ): Promise<SocketLine | undefined> {
    if (from === undefined || to === undefined) return undefined;
    const file = await open(`/proc/${this.#pid}/net/${table}`).catch(() => undefined);
    if (file === undefined) return undefined;
    try {
      const piece = Buffer.allocUnsafe(PIECE_BYTES);
      let rest = "";
      for (let read = 0; read < TABLE_MAX_BYTES; ) {
        const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, null);
        if (bytesRead === 0) break;
        read += bytesRead;
        const lines = (rest + piece.toString("latin1", 0, bytesRead)).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) {
          const found = socketLine(line, from, to);
          if (found) return found;
        }
      }
      return undefined;
    } finally {
      await file.close();
    }
  }

  /** Whether another link may be read in this second. */
  #mayRead(): boolean {
    const second = Math.floor(performance.now() / 1_000);
    if (second !== this.#second) [this.#second, this.#links] = [second, 0];
    return ++this.#links <= LINKS_MAX;
  }

  async #program(inode: number): Promise<string | undefined> {
    const network = await linkAt(`/proc/${this.#pid}/ns/net`);
    const wanted = `socket:[${inode}]`;
    let links = 0;
    const mayRead = () => ++links <= LINKS_MAX && this.#mayRead();
    for await (const { name: pid } of folder("/proc")) {
      if (!/^\d+$/.test(pid)) continue;
      if (!mayRead()) return undefined;
      if ((await linkAt(`/proc/${pid}/ns/net`)) !== network) continue;
      for await (const { name: descriptor } of folder(`/proc/${pid}/fd`)) {
        if (!mayRead()) return undefined;
        if ((await linkAt(`/proc/${pid}/fd/${descriptor}`)) !== wanted) continue;
        return (await linkAt(`/proc/${pid}/exe`))?.slice(0, PROGRAM_SHOWN_MAX);
      }
    }
    return undefined;
  }
}

/** Nothing of a process that has gone. */
async function* folder(path: string): AsyncGenerator<Dirent> {
  try {
    yield* await opendir(path);
  } catch {}
}

/** proc_pid_task(5). */
async function childOf(pid: number): Promise<string | undefined> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "latin1").catch(() => "");
  return children.trim().split(" ", 1)[0] || undefined;
}

const linkAt = (path: string): Promise<string | undefined> => readlink(path).catch(() => undefined);
