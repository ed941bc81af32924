/**
 * A container of blobs, mounted with rclone and FUSE: one program of root's for each, outside the node, which alone knows the key. What is written
 * lies in its cache on the node's disk until the file is closed, and is then sent.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, mkdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { blobfuseOptions } from "../../core/mounts/blobfuse-options.ts";
import { blobMountReason, blobMountWords, blobProbeWords } from "../../core/mounts/rclone-words.ts";
import type { MountSpec } from "../../wire/agent/messages.ts";
import { BLOB_SUFFIX } from "../../wire/storage/blob-names.ts";
import type { MountLog } from "./mount-log.ts";
import { BOUND, ended, isMounted, mountEnvironment, programPath, unmount } from "./mount-program.ts";

export interface BlobMountOptions {
  readonly mount: MountSpec;
  /** An empty folder of the agent's. */
  readonly target: string;
  /** A folder of the node's disk that only root may enter; made when missing. */
  readonly cache: string;
  /** Whose the files are to be, outside. */
  readonly owner: number;
  /** Of the relay. */
  readonly proxy: string;
  /** PEM; whom the program trusts. */
  readonly bundleFile: string | undefined;
  readonly log: MountLog;
}

const FUSE = "/dev/fuse";
/** How long the file system may take to appear, once the container has answered. Milliseconds. */
const MOUNT_MS = 15_000;
const LOOK_MS = 20;
/** For what is being sent, once nobody writes any more. Milliseconds. */
const CLOSE_MS = 3_000;
/** What the program may keep in memory before it takes care. */
const MEMORY = "256MiB";

/** What is missing on this machine; undefined when nothing is. */
export function blobMountObstacle(): string | undefined {
  if (programPath("rclone") === undefined) return "rclone is not installed";
  if ((programPath("fusermount3") ?? programPath("fusermount")) === undefined)
    return "fusermount3 of the package fuse3 is not installed";
  if (programPath("setpriv") === undefined) return "setpriv of util-linux is not installed";
  try {
    accessSync(FUSE, constants.R_OK | constants.W_OK);
    return undefined;
  } catch (error) {
    return `${FUSE} cannot be opened (${(error as NodeJS.ErrnoException).code})`;
  }
}

export class BlobMount {
  /** How it ended, where nobody has ended it: what was said last. */
  readonly lost: Promise<string>;
  readonly #program: ChildProcess;
  readonly #target: string;
  #isClosing = false;

  private constructor(program: ChildProcess, { target, log }: BlobMountOptions) {
    this.#program = program;
    this.#target = target;
    this.lost = once(program, "exit").then(() =>
      this.#isClosing ? new Promise<never>(() => {}) : log.last || "rclone has ended",
    );
  }

  get pid(): number {
    return this.#program.pid ?? 0;
  }

  /** @throws Error saying why it cannot be mounted, in the storage's words where it is the one that refuses */
  static async open(options: BlobMountOptions, signal: AbortSignal): Promise<BlobMount> {
    const { mount, target, cache, owner, log } = options;
    const obstacle = blobMountObstacle();
    if (obstacle !== undefined) throw new Error(obstacle);
    mkdirSync(cache, { recursive: true, mode: 0o700 });
    mkdirSync(target, { recursive: true });
    const read = blobfuseOptions(mount.options);
    const variables = variablesOf(options);
    log.line(`the container ${mount.source} of ${mount.account}${BLOB_SUFFIX} is asked for`);
    // The program itself would mount what it never reaches.
    const [bound, ...bounds] = BOUND;
    try {
      await ended(bound, [...bounds, "rclone", ...blobProbeWords(mount.source, read)], variables, signal);
    } catch (error) {
      signal.throwIfAborted();
      const said = log.shown((error as Error).message);
      for (const line of said.split("\n")) log.line(line);
      throw new Error(blobMountReason(said, mount.source));
    }
    const words = blobMountWords({ container: mount.source, options: read, target, cache, owner });
    const program = spawn(bound, [...bounds, "rclone", ...words], {
      env: mountEnvironment(variables),
      cwd: "/",
      stdio: ["ignore", "ignore", "pipe"],
    });
    program.on("error", (error) => log.line(error.message));
    if (program.stderr) log.follow(program.stderr);
    const opened = new BlobMount(program, options);
    const until = performance.now() + MOUNT_MS;
    while (!isMounted(target)) {
      const hasEnded = program.exitCode !== null || program.signalCode !== null;
      if (!hasEnded && !signal.aborted && performance.now() < until) {
        await delay(LOOK_MS);
        continue;
      }
      await opened.close();
      signal.throwIfAborted();
      throw new Error(log.last || "rclone mounts nothing");
    }
    log.line(`it is mounted${read.isReadOnly ? ", to be read only" : ""}`);
    return opened;
  }

  /** Whoever waits for an answer of the file system gets an error, and can be ended. */
  kill(): void {
    this.#isClosing = true;
    this.#program.kill("SIGKILL");
  }

  /** Nobody writes there any more. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const program = this.#program;
    if (program.pid !== undefined && program.exitCode === null && program.signalCode === null) {
      const gone = once(program, "exit");
      program.kill("SIGTERM");
      const timer = setTimeout(() => program.kill("SIGKILL"), CLOSE_MS);
      await gone;
      clearTimeout(timer);
    }
    await unmount(this.#target);
  }
}

/** In its environment, which root alone can read, and not in its command line. */
function variablesOf({ mount, cache, proxy, bundleFile }: BlobMountOptions): Record<string, string> {
  const { account = "", source, key, sas, identity } = mount;
  return {
    HOME: cache,
    RCLONE_CONFIG: "/dev/null",
    GOMEMLIMIT: MEMORY,
    HTTPS_PROXY: proxy,
    HTTP_PROXY: proxy,
    ...(bundleFile !== undefined && { SSL_CERT_FILE: bundleFile }),
    ...(sas === undefined
      ? { RCLONE_AZUREBLOB_ACCOUNT: account }
      : {
          RCLONE_AZUREBLOB_SAS_URL: `https://${account}${BLOB_SUFFIX}/${source}?${sas.replace(/^\?/, "")}`,
        }),
    ...(key !== undefined && { RCLONE_AZUREBLOB_KEY: key }),
    ...(identity !== undefined && {
      RCLONE_AZUREBLOB_USE_MSI: "true",
      RCLONE_AZUREBLOB_MSI_MI_RES_ID: identity,
    }),
  };
}
