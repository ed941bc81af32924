/**
 * The log of one mount, which the node's users read: `<kind>-<path>.log`. It has an end, for whoever uses the mount decides how much there is to
 * say; and no secret is in it.
 */
import { closeSync, constants, fchownSync, openSync, writeSync } from "node:fs";
import type { Readable } from "node:stream";
import type { MountSpec } from "../../wire/agent/messages.ts";

const LOG_MAX_BYTES = 1024 * 1024;
const LINE_MAX_CHARACTERS = 2_000;
const HIDDEN = "(not shown)";

/** No two mounts have one: a path's slashes and percent signs are written by their numbers. */
export function mountLogName({ kind, path }: Pick<MountSpec, "kind" | "path">): string {
  return `${kind}-${path.replaceAll("%", "%25").replaceAll("/", "%2F")}.log`;
}

export class MountLog {
  readonly #file: number;
  readonly #secrets: readonly string[];
  #bytes = 0;
  #last = "";

  /**
   * @param path in a folder that nobody else has written to yet; of a file that is not there
   * @param owner whose the file is to be
   */
  constructor(path: string, owner: number, secrets: readonly string[]) {
    const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
    this.#file = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o644);
    fchownSync(this.#file, owner, owner);
    this.#secrets = secrets.flatMap(forms);
  }

  /** What was said last that tells something. */
  get last(): string {
    return this.#last;
  }

  /** Without the secrets. */
  shown(text: string): string {
    return withoutSecrets(text, this.#secrets);
  }

  line(text: string): void {
    const said = this.shown(text).slice(0, LINE_MAX_CHARACTERS);
    if (said.trim() !== "") this.#last = said;
    if (this.#bytes > LOG_MAX_BYTES) return;
    const whole = `${said}\n`;
    this.#bytes += Buffer.byteLength(whole);
    const isEnd = this.#bytes > LOG_MAX_BYTES;
    try {
      writeSync(this.#file, isEnd ? "the log ends here: it has had all the room that it may take\n" : whole);
    } catch {
      // The node's disk is full: the mount goes on without.
    }
  }

  /** All lines of a program, until it ends. */
  follow(stream: Readable): void {
    let rest = "";
    stream.setEncoding("utf8").on("data", (piece: string) => {
      const lines = `${rest}${piece}`.split("\n");
      rest = (lines.pop() ?? "").slice(0, LINE_MAX_CHARACTERS);
      for (const line of lines) this.line(line);
    });
    stream.on("end", () => {
      if (rest !== "") this.line(rest);
    });
    stream.on("error", () => {});
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Longest first, so that no part of a secret is left of it. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return [...secrets]
    .sort((a, b) => b.length - a.length)
    .reduce((shown, secret) => shown.replaceAll(secret, HIDDEN), text);
}

/** As they stand in URLs, too; and a signature without what it signs. */
export function forms(secret: string): string[] {
  const signature = new URLSearchParams(secret.replace(/^\?/, "")).get("sig") ?? "";
  return [secret, signature, encodeURIComponent(secret), encodeURIComponent(signature)].filter(
    (form) => form.length >= 4,
  );
}
