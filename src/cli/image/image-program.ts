/** Asks the program that keeps the images of a data folder. No service has to run: agents look when a node starts. */
import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { CommandError, exitCode } from "../command/exit-code.ts";

const PROGRAM = fileURLToPath(new URL(`../../agent/images/main${extname(import.meta.url)}`, import.meta.url));
/** The longest list that is read from the program. Bytes. */
const MAX_OUTPUT = 16 * 2 ** 20;

export interface ImageLine {
  readonly id: string;
  readonly names: readonly string[];
  /** `REGISTRY/REPOSITORY@DIGEST`. */
  readonly pulled?: readonly string[];
}

/** @throws CommandError with the program's one line */
export async function askImages<Answer>(dataFolder: string, ...words: readonly string[]): Promise<Answer> {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  try {
    const all = [PROGRAM, join(dataFolder, "images"), ...words];
    const { stdout } = await promisify(execFile)(process.execPath, all, { maxBuffer: MAX_OUTPUT });
    return JSON.parse(stdout);
  } catch (error) {
    const { stderr, message } = error as Error & { readonly stderr?: string };
    throw new CommandError(stderr?.trim() || message, exitCode.failed);
  }
}
