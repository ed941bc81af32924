/**
 * What a pool's `blobfuseOptions` mean for the program that mounts containers here, which is not blobfuse. What would change nothing is taken;
 * what is not known is refused by its name. Pure. Source: blobfuse's README, "Mount options"; blobfuse2's "Config Guide"; mount.fuse(8).
 */
import { MountOptionsProblem } from "./mount-options-problem.ts";

export interface BlobfuseOptions {
  readonly isReadOnly: boolean;
  /** How long attributes and lists may be old. Seconds. */
  readonly attributeSeconds?: number;
  /** How long what has been read stays on the node's disk. Seconds. */
  readonly cacheSeconds?: number;
  /** How much of it. */
  readonly cacheMegabytes?: number;
  /** Octal. */
  readonly umask?: string;
  /** The folder of the container that is mounted, without slashes at its ends. */
  readonly subdirectory?: string;
  readonly logLevel?: "DEBUG" | "INFO" | "NOTICE" | "ERROR";
}

type Meaning = (value: string | undefined, name: string) => Partial<BlobfuseOptions>;

/** Characters. Ours. */
export const BLOBFUSE_OPTIONS_MAX_CHARACTERS = 4_096;

const SECONDS_MAX = 365 * 86_400;
/** 1 TB. */
const MEGABYTES_MAX = 1_048_576;

const nothing: Meaning = () => ({});
const number = (value: string | undefined, name: string, max: number): number => {
  const read = /^\d{1,8}$/.test(value ?? "") ? Number(value) : Number.NaN;
  if (!(read <= max)) throw new MountOptionsProblem(`${name} must be a number up to ${max}`);
  return read;
};
const attributes: Meaning = (value, name) => ({ attributeSeconds: number(value, name, SECONDS_MAX) });
const cacheAge: Meaning = (value, name) => ({ cacheSeconds: number(value, name, SECONDS_MAX) });
const readOnly: Meaning = (value, name) => {
  if (value === undefined || value === "true") return { isReadOnly: true };
  if (value === "false") return {};
  throw new MountOptionsProblem(`${name} must be true or false`);
};

const LOG_LEVELS: Readonly<Record<string, NonNullable<BlobfuseOptions["logLevel"]>>> = {
  LOG_OFF: "ERROR",
  LOG_CRIT: "ERROR",
  LOG_ERR: "ERROR",
  LOG_WARNING: "NOTICE",
  LOG_INFO: "INFO",
  LOG_TRACE: "DEBUG",
  LOG_DEBUG: "DEBUG",
};
const logLevel: Meaning = (value = "", name) => {
  const level = LOG_LEVELS[value.toUpperCase()];
  if (level === undefined)
    throw new MountOptionsProblem(`${name} must be one of ${Object.keys(LOG_LEVELS).join(", ")}`);
  return { logLevel: level };
};
const umask: Meaning = (value = "", name) => {
  if (!/^0?[0-7]{3}$/.test(value))
    throw new MountOptionsProblem(`${name} must be an octal number such as 022`);
  return { umask: value };
};
const subdirectory: Meaning = (value = "", name) => {
  const path = value.replace(/^\/|\/$/g, "");
  if (!/^[^/:]+(?:\/[^/:]+)*$/.test(path) || path.split("/").some((part) => part === "." || part === ".."))
    throw new MountOptionsProblem(`${name} must be a folder of the container`);
  return { subdirectory: path };
};

/** After `-o`. */
const FUSE_OPTIONS: ReadonlyMap<string, Meaning> = new Map([
  ["ro", readOnly],
  ["rw", nothing],
  ["allow_other", nothing],
  ["default_permissions", nothing],
  ["nonempty", nothing],
  ["nosuid", nothing],
  ["nodev", nothing],
  ["attr_timeout", attributes],
  ["entry_timeout", attributes],
  // That something is not there is never remembered.
  ["negative_timeout", nothing],
  ["umask", umask],
]);

const LONG_OPTIONS: ReadonlyMap<string, Meaning> = new Map([
  ["--read-only", readOnly],
  ["--allow-other", nothing],
  ["--attr-timeout", attributes],
  ["--entry-timeout", attributes],
  ["--attr-cache-timeout", attributes],
  ["--negative-timeout", nothing],
  ["--use-attr-cache", nothing],
  ["--use-https", nothing],
  ["--file-cache-timeout", cacheAge],
  ["--file-cache-timeout-in-seconds", cacheAge],
  ["--cache-size-mb", (value, name) => ({ cacheMegabytes: number(value, name, MEGABYTES_MAX) })],
  ["--log-level", logLevel],
  ["--subdirectory", subdirectory],
  ["--virtual-directory", nothing],
]);
/** Those that stand alone, whatever follows them. */
const FLAGS: ReadonlySet<string> = new Set(["--read-only", "--allow-other"]);

/** @throws MountOptionsProblem naming the option */
export function blobfuseOptions(text: string): BlobfuseOptions {
  let options: BlobfuseOptions = { isReadOnly: false };
  const add = (meanings: ReadonlyMap<string, Meaning>, said: string, separate?: string) => {
    const [name = "", ...rest] = said.split("=");
    const meaning = meanings.get(name);
    if (!meaning) throw new MountOptionsProblem(`the option ${name.slice(0, 64)} is not known`);
    options = { ...options, ...meaning(rest.length > 0 ? rest.join("=") : separate, name) };
  };
  const words = text.split(/\s+/).filter(Boolean);
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word.startsWith("-o")) {
      const list = word === "-o" ? words[++at] : word.slice(2);
      if (!list) throw new MountOptionsProblem("the option -o names nothing");
      for (const said of list.split(",")) if (said !== "") add(FUSE_OPTIONS, said);
      continue;
    }
    const next = words[at + 1];
    const isSeparate =
      !word.includes("=") &&
      !FLAGS.has(word) &&
      LONG_OPTIONS.has(word) &&
      next !== undefined &&
      !next.startsWith("-");
    add(LONG_OPTIONS, word, isSeparate ? next : undefined);
    if (isSeparate) at++;
  }
  return options;
}
