/**
 * The images that containers are made from: unpacked once for all nodes of this machine, by digest. Those that were loaded have names to
 * which they answer whoever asks; those that were pulled are for whom their registry gives them to (image-pulls.ts). A node mounts those of
 * its pool, read-only, as its own.
 */
import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { imageKey } from "../../core/containers/image-name.ts";
import { imageAllowance, imageToGo, type KeptImage } from "../../core/containers/image-share.ts";
import { removeTree } from "../files/remove-tree.ts";
import { ImageClaims } from "./image-claims.ts";

export interface StoredImage {
  /** Folder name in the store: the hexadecimal part of the manifest's digest. */
  readonly id: string;
  /** The image's names, as they were given. */
  readonly names: readonly string[];
  /** `REGISTRY/REPOSITORY@DIGEST`, each as a registry has given it. */
  readonly pulled?: readonly string[];
  /** As `docker run` would put them together. */
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly environment: readonly (readonly [name: string, value: string])[];
  readonly workingFolder: string;
  /** Its files', unpacked. Unknown of what earlier versions have kept. */
  readonly bytes?: number;
  /** Whose nodes have asked for it; of one that was loaded, nobody's. */
  readonly accounts?: readonly string[];
}

const DESCRIPTION = "image.json";
const ROOT = "rootfs";
/** Folders that are no images begin with these; the id of the process whose they are follows. */
const STAGE = ".new-";
const LENT = ".lent-";
const CLAIMS = ".claims";
/** What is remembered of one image, the newest: registries that have given it, and accounts that have asked for it. */
const [PULLED_MAX, ACCOUNTS_MAX] = [32, 64];

let stages = 0;

export class ImageStore {
  readonly #folder: string;
  readonly #claims: ImageClaims;

  constructor(folder: string) {
    this.#folder = folder;
    this.#claims = new ImageClaims(join(folder, CLAIMS));
  }

  get folder(): string {
    return this.#folder;
  }

  makeFolder(): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o755 });
  }

  all(): StoredImage[] {
    return entriesOf(this.#folder)
      .filter((name) => !name.startsWith("."))
      .flatMap((id) => {
        try {
          return [JSON.parse(readFileSync(join(this.#folder, id, DESCRIPTION), "utf8")) as StoredImage];
        } catch {
          return []; // being removed
        }
      });
  }

  /** One that was loaded. */
  find(name: string): StoredImage | undefined {
    const key = imageKey(name);
    return this.all().find(({ names }) => names.some((other) => imageKey(other) === key));
  }

  /** @param source as `pulled` has them */
  findPulled(source: string): StoredImage | undefined {
    return this.all().find(({ pulled = [] }) => pulled.includes(source));
  }

  rootOf({ id }: StoredImage): string {
    return join(this.#folder, id, ROOT);
  }

  /** Says that a node stands on an image, before it looks for its files. False when it has been taken away meanwhile. */
  claim({ id }: StoredImage, nodeKey: string): boolean {
    this.#claims.claim(id, nodeKey);
    const file = this.#description(id);
    if (!existsSync(file)) return false;
    const now = new Date();
    utimesSync(file, now, now);
    return true;
  }

  /** Takes back what `claim` has said of a node. */
  release(nodeKey: string): void {
    this.#claims.release(nodeKey);
  }

  /** As `imageAllowance` has it. */
  allowance(left: number, account: string): number {
    return imageAllowance(this.#kept(), left, account);
  }

  /** Remembers that an account's nodes have asked for the image. */
  noteAccount(image: StoredImage, account: string): void {
    const { accounts = [] } = image;
    if (!accounts.includes(account) && existsSync(this.#description(image.id)))
      this.#write({ ...image, accounts: newest([...accounts, account], ACCOUNTS_MAX) });
  }

  /**
   * Takes an image away that makes room, as `imageToGo` has it.
   * @param account whose alone it is to be; undefined for anybody's
   * @returns whether there was one
   */
  async dropUnused(account?: string): Promise<boolean> {
    for (let images = this.#kept(); ; ) {
      const id = imageToGo(images, account);
      if (id === undefined) return false;
      images = images.filter((image) => image.id !== id);
      const folder = join(this.#folder, id);
      const stage = await this.makeStage();
      await rename(folder, join(stage, id));
      // Somebody has come in between.
      if (this.#claims.all().has(id)) await rename(join(stage, id), folder);
      await removeTree(stage);
      if (!existsSync(folder)) return true;
    }
  }

  #kept(): KeptImage[] {
    const claimed = this.#claims.all();
    return this.all().map(({ id, names, bytes = 0, accounts = [] }) => ({
      id,
      bytes,
      accounts,
      usedAt: statSync(this.#description(id), { throwIfNoEntry: false })?.mtimeMs ?? 0,
      canGo: names.length === 0 && !claimed.has(id),
    }));
  }

  /** Makes a folder in which an image is unpacked until `keep` names it. */
  async makeStage(): Promise<string> {
    this.makeFolder();
    const stage = join(this.#folder, `${STAGE}${process.pid}-${++stages}`);
    await removeTree(stage);
    mkdirSync(stage, { mode: 0o755 });
    return stage;
  }

  /** Takes `rootfs` out of the stage. The names are the newest image's that has them. */
  async keep(stage: string, image: StoredImage): Promise<StoredImage> {
    for (const name of image.names) await this.forget(name);
    const folder = join(this.#folder, image.id);
    if (!this.all().some(({ id }) => id === image.id)) {
      const whole = join(stage, "whole");
      mkdirSync(whole);
      renameSync(join(stage, ROOT), join(whole, ROOT));
      writeFileSync(join(whole, DESCRIPTION), JSON.stringify(image));
      try {
        renameSync(whole, folder);
      } catch {
        // Another agent was quicker.
      }
    }
    const known = this.all().find(({ id }) => id === image.id) ?? image;
    const kept = {
      ...image,
      names: [...new Set([...known.names, ...image.names])],
      pulled: newest([...(known.pulled ?? []), ...(image.pulled ?? [])], PULLED_MAX),
      accounts: newest([...(known.accounts ?? []), ...(image.accounts ?? [])], ACCOUNTS_MAX),
    };
    this.#write(kept);
    await removeTree(stage);
    return kept;
  }

  /** With its last name the image goes. False when nothing has this name. @param name that it was loaded or pulled under */
  async forget(name: string): Promise<boolean> {
    const key = imageKey(name);
    const image = this.find(name) ?? this.findPulled(name);
    if (!image) return false;
    const names = image.names.filter((other) => imageKey(other) !== key);
    const pulled = (image.pulled ?? []).filter((other) => other !== name);
    if (names.length + pulled.length > 0) this.#write({ ...image, names, pulled });
    else await removeTree(join(this.#folder, image.id));
    return true;
  }

  /**
   * What a node is lent while it runs, empty at first: images that its tasks ask for one by one. Removes what agents that are no more have
   * lent.
   */
  async makeLent(nodeKey: string): Promise<string> {
    await this.removeLeft();
    const folder = this.#lentTo(nodeKey);
    await removeTree(folder);
    await mkdir(folder, { recursive: true, mode: 0o755 });
    return folder;
  }

  /** What processes that are no more have lent, or unpacked in part. */
  async removeLeft(): Promise<void> {
    for (const folder of [...this.#left(LENT), ...this.#left(STAGE)]) await removeTree(folder);
  }

  /** The same files under other names: nothing is stored twice. */
  async lend(image: StoredImage, nodeKey: string): Promise<void> {
    const folder = this.#lentTo(nodeKey);
    const unfinished = join(folder, `.${image.id}-${++stages}`);
    await promisify(execFile)("cp", ["-al", this.rootOf(image), unfinished]);
    await rename(unfinished, join(folder, image.id)).catch(() => removeTree(unfinished));
  }

  async removeLent(nodeKey: string): Promise<void> {
    await removeTree(this.#lentTo(nodeKey));
  }

  #lentTo(nodeKey: string): string {
    return join(this.#folder, `${LENT}${process.pid}-${nodeKey}`);
  }

  /** Folders of a kind that are named after processes that are no more. */
  #left(kind: string): string[] {
    return entriesOf(this.#folder)
      .filter(
        (name) => name.startsWith(kind) && !existsSync(`/proc/${name.slice(kind.length).split("-", 1)}`),
      )
      .map((name) => join(this.#folder, name));
  }

  #description(id: string): string {
    return join(this.#folder, id, DESCRIPTION);
  }

  #write(image: StoredImage): void {
    const file = this.#description(image.id);
    // Another agent may write it just now.
    const unfinished = `${file}.new-${process.pid}`;
    writeFileSync(unfinished, JSON.stringify(image));
    renameSync(unfinished, file);
  }
}

function newest(all: readonly string[], count: number): string[] {
  return [...new Set(all.toReversed())].slice(0, count).toReversed();
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
