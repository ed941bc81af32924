/**
 * What became of a task's output files, for its owner to read beside its other files: `fileuploadout.txt` and `fileuploaderr.txt` in the
 * task's folder. Source: Azure Batch, "Persist task data with the Batch service API", diagnosing upload errors.
 */
import type { FileHandle } from "node:fs/promises";
import { createFile, openFolder } from "./node-folders.ts";

/** Of each of the two; what comes after it is left out. */
const REPORT_MAX_BYTES = 1024 * 1024;
/** As the task's other files have it. */
const REPORT_MODE = 0o644;

export interface UploadReportFile {
  /** Absolute path of the node's folder, without symbolic links. */
  readonly root: string;
  /** Of the task, by its names from there. */
  readonly folder: readonly string[];
  /** Undefined for the agent's own user. */
  readonly owner: number | undefined;
  readonly group?: number | undefined;
}

export class UploadReport {
  readonly #files: readonly [out: FileHandle, err: FileHandle] | undefined;
  readonly #written = [0, 0];

  private constructor(files: readonly [FileHandle, FileHandle] | undefined) {
    this.#files = files;
  }

  /** A report that cannot be written (a full disk, a folder that the task has removed) is none, and keeps no file from being sent. */
  static async open({ root, folder, owner, group = owner }: UploadReportFile): Promise<UploadReport> {
    const opened: FileHandle[] = [];
    try {
      const parent = await openFolder(root, folder);
      try {
        for (const name of ["fileuploadout.txt", "fileuploaderr.txt"]) {
          const file = await createFile(parent, name);
          opened.push(file);
          if (owner !== undefined) await file.chown(owner, group ?? owner);
          await file.chmod(REPORT_MODE);
        }
      } finally {
        await parent.close();
      }
      const [out, err] = opened as [FileHandle, FileHandle];
      return new UploadReport([out, err]);
    } catch {
      await Promise.all(opened.map((file) => file.close()));
      return new UploadReport(undefined);
    }
  }

  /** @param file from the pattern's folder on @param url without what it is signed with */
  async sent(file: string, url: string): Promise<void> {
    await this.#write(0, `Uploaded ${file} to ${url}`);
  }

  async failed(pattern: string, why: string): Promise<void> {
    await this.#write(1, `Failed to upload ${pattern}: ${why}`);
  }

  async close(): Promise<void> {
    await Promise.all(this.#files?.map((file) => file.close()) ?? []);
  }

  async #write(which: 0 | 1, text: string): Promise<void> {
    // A name of a file may hold a newline.
    const line = Buffer.from(`${new Date().toISOString()} ${text.replaceAll(/\s+/g, " ")}\n`);
    const written = (this.#written[which] ?? 0) + line.length;
    if (written > REPORT_MAX_BYTES) return;
    this.#written[which] = written;
    await this.#files?.[which].write(line).catch(() => {});
  }
}
