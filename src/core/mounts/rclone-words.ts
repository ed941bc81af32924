/** What rclone is told in its command line (which container, how, and how much of the machine it may take), and what it says. Pure; no secret is in it. Source: rclone's pages "rclone mount" and "Microsoft Azure Blob Storage". */
import type { BlobfuseOptions } from "./blobfuse-options.ts";

/** How old attributes and lists may be where the pool does not say: seconds. Others write to the container as well. */
const ATTRIBUTE_SECONDS = 1;
/** How long what was read stays on the disk where the pool does not say. blobfuse: 120 s. */
const CACHE_SECONDS = 120;
/** How much of it. Ours. */
const CACHE_MEGABYTES = 4_096;
/** Blobs have no permissions, and whoever is on the node may use what the pool mounts. Octal. */
const UMASK = "0";

const LIMITS = [
  "--low-level-retries=3",
  "--retries=1",
  "--contimeout=10s",
  "--timeout=60s",
  "--transfers=4",
  "--buffer-size=1M",
  "--azureblob-upload-concurrency=4",
  "--use-mmap",
];

/** Names nothing that is there, so that the list is short however full the container is. */
const PROBED = ".batchyard-probe/";

const remote = (container: string, { subdirectory }: BlobfuseOptions): string =>
  `:azureblob:${container}${subdirectory === undefined ? "" : `/${subdirectory}`}`;

/** Ends well where the container answers and may be read. */
export function blobProbeWords(container: string, options: BlobfuseOptions): string[] {
  return ["lsf", ...LIMITS, `${remote(container, options)}/${PROBED}`];
}

export interface BlobMountWords {
  readonly container: string;
  readonly options: BlobfuseOptions;
  readonly target: string;
  readonly cache: string;
  /** The id of files and folders, of user and group. */
  readonly owner: number;
}

export function blobMountWords({ container, options, target, cache, owner }: BlobMountWords): string[] {
  const { attributeSeconds = ATTRIBUTE_SECONDS, cacheSeconds = CACHE_SECONDS } = options;
  return [
    "mount",
    ...LIMITS,
    "--allow-other",
    "--default-permissions",
    `--uid=${owner}`,
    `--gid=${owner}`,
    "--dir-perms=0777",
    "--file-perms=0777",
    `--umask=0${options.umask ?? UMASK}`,
    `--attr-timeout=${attributeSeconds}s`,
    `--dir-cache-time=${attributeSeconds}s`,
    // What is closed is sent, and nothing later.
    "--vfs-cache-mode=writes",
    "--vfs-write-back=0s",
    `--vfs-cache-max-age=${cacheSeconds}s`,
    `--vfs-cache-max-size=${options.cacheMegabytes ?? CACHE_MEGABYTES}M`,
    "--vfs-cache-poll-interval=10s",
    `--cache-dir=${cache}`,
    `--log-level=${options.logLevel ?? "NOTICE"}`,
    ...(options.isReadOnly ? ["--read-only"] : []),
    remote(container, options),
    target,
  ];
}

/** Why it could not: the storage's code and words where it is the one that refuses. @param said all that it has said */
export function blobMountReason(said: string, container: string): string {
  const [, code] = /(?:ServiceCode=|ERROR CODE: )(\w{1,100})/.exec(said) ?? [];
  const [, words] = /(?:Description=|RESPONSE \d{3}: )([^\n,]{1,300})/.exec(said) ?? [];
  if (code !== undefined) return words === undefined ? code : `${code}: ${words}`;
  if (said.includes("directory not found"))
    return `ContainerNotFound: the account has no container ${container}`;
  const lines = said.split("\n").filter((line) => line.trim() !== "");
  return (lines.at(-1) ?? "rclone tells nothing").replace(/^\d{4}\/\d\d\/\d\d [\d:]{8} /, "");
}
