/**
 * What a task's `containerRunOptions` ask for. Pure. Source: Docker, "docker container run"; Azure Batch REST, "TaskContainerSettings".
 * Whatever is not done is refused by its name: an option that is passed over would let a program run without what it asked for.
 */
import { splitCommandLine } from "../lifecycle/command-line.ts";
import { mountOption, type RunMount, tmpfsOption, volumeOption } from "./run-mount.ts";
import { RunOptionsProblem } from "./run-options-problem.ts";
import { bytesOf, limitOf, type ResourceLimit } from "./run-quantities.ts";

export interface RunOptions {
  /** In order; without a value the task's own is meant, as Docker takes its caller's. */
  readonly environment: readonly (readonly [name: string, value: string | undefined])[];
  /** Paths on the node. */
  readonly environmentFiles: readonly string[];
  readonly mounts: readonly RunMount[];
  readonly workingFolder?: string;
  /** `USER` or `USER:GROUP`, each a name in the image or a number. */
  readonly user?: string;
  /** Empty for none, whatever the image has. */
  readonly entrypoint?: string;
  readonly hostname?: string;
  readonly sharedMemoryBytes?: number;
  readonly cpus?: number;
  readonly memoryBytes?: number;
  readonly limits: readonly ResourceLimit[];
  readonly hasNoNetwork: boolean;
  /** The option that asks for power over the node, as it was written. */
  readonly powerAskedBy?: string;
}

type Building = { -readonly [Name in keyof RunOptions]: RunOptions[Name] } & {
  environment: (readonly [string, string | undefined])[];
  environmentFiles: string[];
  mounts: RunMount[];
  limits: ResourceLimit[];
};

/** Ours: as many as a command line may have characters. */
export const RUN_OPTIONS_MAX_CHARACTERS = 32_768;
/** Ours, of mounts and of limits. */
const ENTRIES_MAX = 64;
/** gethostname(2). */
const HOSTNAME = /^(?=.{1,63}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i;

type Take = (building: Building, value: string, option: string) => void;

const VALUED: Readonly<Record<string, Take>> = {
  env: (building, value) => {
    const at = value.indexOf("=");
    const name = at < 0 ? value : value.slice(0, at);
    if (name === "") throw new RunOptionsProblem("--env takes NAME=VALUE");
    building.environment.push([name, at < 0 ? undefined : value.slice(at + 1)]);
  },
  "env-file": (building, value) => void building.environmentFiles.push(absolute("--env-file", value)),
  volume: (building, value) => void building.mounts.push(volumeOption(value)),
  mount: (building, value) => void building.mounts.push(mountOption(value)),
  tmpfs: (building, value) => void building.mounts.push(tmpfsOption(value)),
  workdir: (building, value) => {
    building.workingFolder = absolute("--workdir", value);
  },
  user: (building, value) => {
    if (!/^[^:\s]+(:[^:\s]+)?$/.test(value)) throw new RunOptionsProblem("--user takes USER or USER:GROUP");
    building.user = value;
  },
  entrypoint: (building, value) => {
    building.entrypoint = value;
  },
  hostname: (building, value) => {
    if (!HOSTNAME.test(value))
      throw new RunOptionsProblem("--hostname takes a name of letters, digits, dots and hyphens");
    building.hostname = value;
  },
  "shm-size": (building, value) => {
    building.sharedMemoryBytes = bytesOf("--shm-size", value);
  },
  cpus: (building, value) => {
    if (!/^\d{1,6}(\.\d{1,9})?$/.test(value) || Number(value) === 0)
      throw new RunOptionsProblem("--cpus takes a number of processors above 0");
    building.cpus = Number(value);
  },
  memory: (building, value) => {
    building.memoryBytes = bytesOf("--memory", value);
  },
  ulimit: (building, value) => void building.limits.push(limitOf(value)),
  network: (building, value) => {
    if (value !== "none" && value !== "host")
      throw new RunOptionsProblem(`--network takes none, or host for the node's own; there is no ${value}`);
    building.hasNoNetwork = value === "none";
  },
  gpus: () => {
    throw new RunOptionsProblem("--gpus: nodes here have no GPUs");
  },
  "cap-add": (building, _, option) => {
    building.powerAskedBy ??= option;
  },
};

/** What they ask for is so anyway: containers go with their task, and a process stands above the command that waits for orphans. */
const FLAGS: Readonly<Record<string, (building: Building, option: string) => void>> = {
  rm: () => {},
  init: () => {},
  privileged: (building, option) => {
    building.powerAskedBy ??= option;
  },
};

const SHORT: Readonly<Record<string, string>> = {
  e: "env",
  v: "volume",
  w: "workdir",
  u: "user",
  h: "hostname",
  m: "memory",
};
const ALIASES: Readonly<Record<string, string>> = { net: "network" };

/** @throws RunOptionsProblem that names the first option which is not done, or is not right */
export function parseRunOptions(text: string): RunOptions {
  const words = wordsOf(text);
  const building: Building = {
    environment: [],
    environmentFiles: [],
    mounts: [],
    limits: [],
    hasNoNetwork: false,
  };
  for (let at = 0; at < words.length; at++) {
    const { name, option, value } = optionOf(words[at] ?? "");
    const flag = FLAGS[name];
    if (flag) {
      if (value !== undefined && !/^(true|false)$/.test(value))
        throw new RunOptionsProblem(`${option} takes true or false`);
      if (value !== "false") flag(building, option);
      continue;
    }
    const take = VALUED[name];
    if (!take) throw new RunOptionsProblem(`${option} is not done here`);
    const given = value ?? words[++at];
    if (given === undefined) throw new RunOptionsProblem(`${option} needs a value`);
    take(building, given, option);
  }
  if (building.mounts.length > ENTRIES_MAX || building.limits.length > ENTRIES_MAX)
    throw new RunOptionsProblem(`there may be at most ${ENTRIES_MAX} mounts and ${ENTRIES_MAX} limits`);
  return building;
}

function wordsOf(text: string): string[] {
  if (text.length > RUN_OPTIONS_MAX_CHARACTERS)
    throw new RunOptionsProblem(`may have at most ${RUN_OPTIONS_MAX_CHARACTERS} characters`);
  if (text.includes("\0")) throw new RunOptionsProblem("must not contain a NUL");
  try {
    return splitCommandLine(text);
  } catch {
    throw new RunOptionsProblem("ends inside a quote or after a backslash");
  }
}

/** `--name`, `--name=value`, `-n`, `-n=value`, `-nvalue`. */
function optionOf(word: string): { name: string; option: string; value?: string } {
  if (word.startsWith("--") && word.length > 2) {
    const at = word.indexOf("=");
    const option = at < 0 ? word : word.slice(0, at);
    const name = option.slice(2);
    const own = Object.hasOwn(ALIASES, name) ? (ALIASES[name] ?? name) : name;
    return { name: known(own), option, ...(at >= 0 && { value: word.slice(at + 1) }) };
  }
  const letter = word.charAt(1);
  if (!word.startsWith("-") || letter === "-" || letter === "")
    throw new RunOptionsProblem(`${JSON.stringify(word.slice(0, 100))} is no option`);
  const name = Object.hasOwn(SHORT, letter) ? (SHORT[letter] ?? "") : "";
  const rest = word.slice(2).replace(/^=/, "");
  return { name: known(name), option: `-${letter}`, ...(word.length > 2 && { value: rest }) };
}

/** Not `constructor`, nor what else objects have. */
function known(name: string): string {
  return Object.hasOwn(VALUED, name) || Object.hasOwn(FLAGS, name) ? name : "";
}

function absolute(option: string, path: string): string {
  if (!path.startsWith("/")) throw new RunOptionsProblem(`${option} takes an absolute path`);
  return path;
}
