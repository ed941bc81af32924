/**
 * What the agent did on one node, for whoever looks into trouble there: a ring of files beside the node's folder, where neither tasks nor
 * file operations see it. It holds names, times and outcomes, and never what a command line, a variable or a URL's query says.
 *
 * A line waits a moment for others, so that a busy node costs one write for many. What a crash of the agent takes is that moment.
 */
import { appendFile, mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** Of one file; a line more may make it longer. */
const FILE_MAX_BYTES = 1024 * 1024;
/** The oldest goes. */
const FILES_MAX = 4;
/** Of lines that wait; what comes beyond is counted and left out. Characters. */
const WAITING_MAX = 256 * 1024;
const LINE_MAX = 4_096;
const WAIT_MS = 250;

/** The time of its first line, which is also the files' order. */
const FILE_NAME = /^agent-debug\.(\d{8}T\d{9}Z)\.log$/;

export class NodeJournal {
  /** Absolute. */
  readonly folder: string;
  readonly #waiting: string[] = [];
  #waitingLength = 0;
  #leftOut = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  /** Undefined until the first write has looked at what earlier agents left. */
  #file: { readonly name: string; size: number } | undefined;

  /** Touches nothing. @param nodeRoot absolute */
  constructor(nodeRoot: string) {
    this.folder = `${nodeRoot}.journal`;
  }

  note(text: string, at = new Date()): void {
    if (this.#waitingLength > WAITING_MAX) {
      this.#leftOut += 1;
      return;
    }
    // A message may hold a newline, and a name may be as long as a task likes.
    const line = `${at.toISOString()} ${text.slice(0, LINE_MAX).replaceAll(/\p{Cc}+/gu, " ")}\n`;
    this.#waiting.push(line);
    this.#waitingLength += line.length;
    this.#timer ??= setTimeout(() => void this.written(), WAIT_MS).unref();
  }

  /** Resolves when all that was noted is in the files. A full disk takes lines, and nothing else. */
  written(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#waiting.splice(0);
    this.#waitingLength = 0;
    if (this.#leftOut > 0) lines.push(`${new Date().toISOString()} ${this.#leftOut} lines are left out\n`);
    this.#leftOut = 0;
    if (lines.length > 0) this.#writing = this.#writing.then(() => this.#write(lines)).catch(() => {});
    return this.#writing;
  }

  /**
   * The files that hold a line of the time span, by name and oldest first; at its ends perhaps one more.
   * @param from milliseconds since the epoch @param until the same, included
   */
  async within(from: number, until: number): Promise<string[]> {
    await this.written();
    const found: string[] = [];
    for (const name of await this.#files()) {
      const last = await stat(join(this.folder, name)).catch(() => undefined);
      if (last && last.mtimeMs >= from && startOf(name) <= until) found.push(name);
    }
    return found;
  }

  async remove(): Promise<void> {
    await this.written();
    this.#file = undefined;
    await rm(this.folder, { recursive: true, force: true });
  }

  async #write(lines: readonly string[]): Promise<void> {
    const text = lines.join("");
    const file = await this.#fileFor(lines[0] ?? "");
    await appendFile(join(this.folder, file.name), text, { mode: 0o600 });
    file.size += Buffer.byteLength(text);
  }

  async #fileFor(firstLine: string): Promise<{ readonly name: string; size: number }> {
    if (!this.#file) {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      const name = (await this.#files()).at(-1);
      if (name !== undefined) this.#file = { name, size: (await stat(join(this.folder, name))).size };
    }
    if (this.#file && this.#file.size < FILE_MAX_BYTES) return this.#file;
    const others = await this.#files();
    for (const name of others.slice(0, Math.max(0, others.length - FILES_MAX + 1)))
      await rm(join(this.folder, name), { force: true });
    this.#file = { name: nameFor(firstLine.slice(0, "2026-12-01T00:00:00.000Z".length)), size: 0 };
    return this.#file;
  }

  async #files(): Promise<string[]> {
    const names = await readdir(this.folder).catch((): string[] => []);
    return names.filter((name) => FILE_NAME.test(name)).sort();
  }
}

/** @param instant ISO 8601 with milliseconds */
function nameFor(instant: string): string {
  return `agent-debug.${instant.replaceAll(/[-:.]/g, "")}.log`;
}

function startOf(name: string): number {
  const [, said = ""] = FILE_NAME.exec(name) ?? [];
  return Date.parse(said.replace(/^(....)(..)(..T..)(..)(..)(...Z)$/, "$1-$2-$3:$4:$5.$6"));
}
