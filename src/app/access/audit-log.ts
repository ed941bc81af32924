/**
 * One JSON line for every write and every denial, in `audit.jsonl`. Lines are gathered and appended together, off the path of the
 * request; a full file is renamed to `audit-1.jsonl`, the ones before it move up, the last one goes.
 */

import { createReadStream, existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { appendFile, truncate } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { AuditEntry } from "../../wire/access/access-api.ts";

const FILE_MAX_BYTES = 16 * 1024 * 1024;
const OLD_FILES = 7;
const APPEND_EVERY_MS = 100;
/** Lines that could not be written wait for so long before they are tried again. */
const RETRY_AFTER_MS = 1_000;
/** Beyond it, on a disk that is full or too slow for long, lines are counted and dropped. */
const PENDING_MAX_CHARACTERS = 8 * 1024 * 1024;

export interface AuditFilter {
  readonly principalId?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly accepts: (entry: AuditEntry) => boolean;
  /** The newest so many. */
  readonly last: number;
}

export class AuditLog {
  readonly #folder: string;
  readonly #log: (line: string) => void;
  readonly #maxBytes: number;
  #size: number;
  #pending: string[] = [];
  #pendingCharacters = 0;
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;
  #isWaiting = false;
  #appending: Promise<void> = Promise.resolve();

  /** @param maxBytes of one file */
  constructor(folder: string, log: (line: string) => void, maxBytes = FILE_MAX_BYTES) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#folder = folder;
    this.#log = log;
    this.#maxBytes = maxBytes;
    this.#size = statSync(this.#file(0), { throwIfNoEntry: false })?.size ?? 0;
  }

  append(entry: AuditEntry): void {
    const line = `${JSON.stringify(entry)}\n`;
    if (this.#pendingCharacters + line.length > PENDING_MAX_CHARACTERS) {
      this.#dropped++;
      return;
    }
    this.#pending.push(line);
    this.#pendingCharacters += line.length;
    this.#timer ??= setTimeout(() => void this.#flush(), APPEND_EVERY_MS).unref();
  }

  /** Oldest first. */
  async query({
    principalId,
    since = 0,
    until = Number.POSITIVE_INFINITY,
    accepts,
    last,
  }: AuditFilter): Promise<AuditEntry[]> {
    await this.#flush();
    const found: AuditEntry[] = [];
    for (let number = OLD_FILES; number >= 0; number--) {
      for await (const entry of entriesOf(this.#file(number))) {
        const time = Date.parse(entry.time);
        if (time < since || time > until) continue;
        if (principalId !== undefined && entry.caller.principalId !== principalId) continue;
        if (!accepts(entry)) continue;
        found.push(entry);
        if (found.length > 2 * last) found.splice(0, found.length - last);
      }
    }
    return found.slice(-last);
  }

  /** Appends what is pending. */
  async close(): Promise<void> {
    await this.#flush();
  }

  #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pending.length > 0) this.#appending = this.#appending.then(() => this.#appendPending());
    return this.#appending;
  }

  async #appendPending(): Promise<void> {
    const lines = this.#pending;
    if (lines.length === 0) return;
    this.#pending = [];
    const text = lines.join("");
    if (await this.#appendText(text)) {
      this.#pendingCharacters -= text.length;
      return;
    }
    // They wait, before those that have come meanwhile.
    this.#pending = lines.concat(this.#pending);
    this.#timer ??= setTimeout(() => void this.#flush(), RETRY_AFTER_MS).unref();
  }

  /** @returns whether it is written */
  async #appendText(text: string): Promise<boolean> {
    try {
      if (this.#size >= this.#maxBytes) this.#rotate();
      await appendFile(this.#file(0), text, { mode: 0o600 });
      this.#isWaiting = false;
      this.#size += Buffer.byteLength(text);
      if (this.#dropped > 0)
        this.#log(`audit: ${this.#dropped} lines were dropped, the disk did not keep up`);
      this.#dropped = 0;
      return true;
    } catch (error) {
      if (!this.#isWaiting) this.#log(`audit: ${(error as Error).message}; its lines wait`);
      this.#isWaiting = true;
      // What has been written of them would be there twice.
      await truncate(this.#file(0), this.#size).catch(() => {});
      return false;
    }
  }

  #rotate(): void {
    rmSync(this.#file(OLD_FILES), { force: true });
    for (let number = OLD_FILES; number > 0; number--) {
      if (existsSync(this.#file(number - 1))) renameSync(this.#file(number - 1), this.#file(number));
    }
    this.#size = 0;
  }

  #file(number: number): string {
    return join(this.#folder, number === 0 ? "audit.jsonl" : `audit-${number}.jsonl`);
  }
}

/** A line that a crash cut off is skipped. */
async function* entriesOf(file: string): AsyncGenerator<AuditEntry> {
  if (!existsSync(file)) return;
  for await (const line of createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    try {
      yield JSON.parse(line) as AuditEntry;
    } catch {
      // The next line is whole again.
    }
  }
}
