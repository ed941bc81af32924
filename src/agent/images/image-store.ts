/**
 * The images that containers are made from: unpacked once for all nodes of this machine, by digest, with the names that they answer to.
 * Written by `batchyard image`, read by agents. A node mounts those of its pool, read-only, as its own.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { imageKey } from "../../core/containers/image-name.ts";

export interface StoredImage {
  /** Folder name in the store: the hexadecimal part of the manifest's digest. */
  readonly id: string;
  /** As they were given. */
  readonly names: readonly string[];
  /** As `docker run` would put them together. */
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly environment: readonly (readonly [name: string, value: string])[];
  readonly workingFolder: string;
}

const DESCRIPTION = "image.json";

export class ImageStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  all(): StoredImage[] {
    return entriesOf(this.#folder).flatMap((id) => {
      try {
        return [JSON.parse(readFileSync(join(this.#folder, id, DESCRIPTION), "utf8")) as StoredImage];
      } catch {
        return []; // being loaded, or being removed
      }
    });
  }

  find(name: string): StoredImage | undefined {
    const key = imageKey(name);
    return this.all().find(({ names }) => names.some((other) => imageKey(other) === key));
  }

  rootOf({ id }: StoredImage): string {
    return join(this.#folder, id, "rootfs");
  }

  /** Where an image is unpacked, until `keep` gives it its place. */
  makeStage(): string {
    const stage = join(this.#folder, `.new-${process.pid}`);
    rmSync(stage, { recursive: true, force: true });
    mkdirSync(stage, { recursive: true, mode: 0o755 });
    return stage;
  }

  /** The names are the newest image's that has them. */
  keep(stage: string, image: StoredImage): void {
    for (const name of image.names) this.forget(name);
    const folder = join(this.#folder, image.id);
    const known = this.all().find(({ id }) => id === image.id);
    if (!known) {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      renameSync(join(stage, "rootfs"), join(folder, "rootfs"));
    }
    this.#write({ ...image, names: [...new Set([...(known?.names ?? []), ...image.names])] });
    rmSync(stage, { recursive: true, force: true });
  }

  /** With its last name the image goes. False when nothing has this name. */
  forget(name: string): boolean {
    const key = imageKey(name);
    const image = this.find(name);
    if (!image) return false;
    const names = image.names.filter((other) => imageKey(other) !== key);
    if (names.length > 0) this.#write({ ...image, names });
    else rmSync(join(this.#folder, image.id), { recursive: true, force: true });
    return true;
  }

  #write(image: StoredImage): void {
    const file = join(this.#folder, image.id, DESCRIPTION);
    writeFileSync(`${file}.new`, JSON.stringify(image));
    renameSync(`${file}.new`, file);
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith("."));
  } catch {
    return [];
  }
}
