/**
 * What an agent and a node's init say to each other, as bytes. Pure: the processes are `node-init.ts`'s. The C init takes
 * NUL-separated fields behind a length, the shell one takes lines that it evaluates; the events are the same.
 */
import type { RunUsage } from "../wire/agent/messages.ts";

/** A named user, by its ids in the node's own sandbox. */
export interface InitAccount {
  readonly uid: number;
  readonly gid: number;
  readonly isAdmin: boolean;
}

export type ContainerPiece = readonly [verb: string, source: string, target: string];

/** In which a run sees an image instead of its node's programs. All are paths in the node. */
export interface InitContainer {
  readonly image: string;
  /** What is seen in it, as native/sandbox/container.c takes it. */
  readonly pieces: readonly ContainerPiece[];
  /** The run's own where it is empty. */
  readonly workingFolder: string;
}

/** One run as an init starts it. No value may hold a NUL. */
export interface InitStart {
  /** Names the run towards this init. */
  readonly id: number;
  /** Marks the run's processes for containment "session". */
  readonly mark: string;
  /** Absolute; made with its parents when missing. The command runs in `wd` below it. */
  readonly folder: string;
  /** The user as whom the command runs in a node's own sandbox; elsewhere the agent's own user. */
  readonly user: "" | "admin" | "nonadmin" | InitAccount;
  readonly container?: InitContainer;
  /** Whether what it mounts is seen by the node's later runs as well. */
  readonly sharesMounts: boolean;
  readonly argv: readonly [program: string, ...rest: string[]];
  readonly environment: ReadonlyMap<string, string>;
}

export interface InitDialect {
  start(start: InitStart): Buffer;
  /** SIGTERM to every process of the run. */
  term(id: number): Buffer;
  /** SIGKILL to every process of the run. */
  kill(id: number): Buffer;
}

export const binaryDialect: InitDialect = {
  start({ id, folder, user, sharesMounts, container, argv, environment }) {
    const mounts = sharesMounts ? "shared" : "own";
    const { image, pieces, workingFolder } = container ?? { image: "", pieces: [], workingFolder: "" };
    const fields = [
      folder,
      userWord(user),
      mounts,
      image,
      workingFolder,
      `${3 * pieces.length}`,
      `${argv.length}`,
    ];
    let payload = "";
    for (const words of [fields, pieces.flat(), argv]) for (const word of words) payload += ended(word);
    for (const [name, value] of environment) payload += ended(`${name}=${value}`);
    return Buffer.from(`start ${id} ${Buffer.byteLength(payload)}\n${payload}`);
  },
  term: (id) => Buffer.from(`term ${id} 0\n`),
  kill: (id) => Buffer.from(`kill ${id} 0\n`),
};

/** @throws Error for what would be two words to the init, and the order none: that would be the node's end */
function ended(word: string): string {
  if (word.includes("\0")) throw new Error("A word of the command or of its environment has a NUL.");
  return `${word}\0`;
}

export const shellDialect: InitDialect = {
  start({ id, mark, folder, argv, environment }) {
    const words = [mark, folder, environment.get("PATH") ?? "", argv[0]];
    for (const [name, value] of environment) words.push(`${name}=${value}`);
    words.push(...argv);
    return Buffer.from(`start ${id} ${words.map(shellWord).join(" ")}\n`);
  },
  term: (id) => Buffer.from(`term ${id}\n`),
  kill: (id) => Buffer.from(`kill_run ${id}\n`),
};

/** The very first, and only for the C init of a sandbox: what is seen there. */
export function sandboxFrame(view: readonly string[]): Buffer {
  const payload = view.map((word) => `${word}\0`).join("");
  return Buffer.from(`sandbox 0 ${Buffer.byteLength(payload)}\n${payload}`);
}

/** Only the C init of a sandbox understands them. The socket comes through its channel, with this number. */
export function socketFrame(verb: "listen" | "connect" | "bind", id: number, address: string): Buffer {
  return Buffer.from(`${verb} ${id} ${Buffer.byteLength(address) + 1}\n${address}\0`);
}

/** A program that speaks with whoever is outside. */
export interface InitLogin {
  /** As native/login.c takes them. */
  readonly files: readonly (readonly [string, string, string])[];
  readonly argv: readonly [program: string, ...rest: string[]];
  readonly environment: ReadonlyMap<string, string>;
}

/** Only the C init of a sandbox understands it. The stream comes through its channel, with this number. */
export function loginFrame(id: number, { files, argv, environment }: InitLogin): Buffer {
  const variables = [...environment].map(([name, value]) => `${name}=${value}`);
  const payload = [files.flat(), argv, variables]
    .flatMap((words) => [String(words.length), ...words])
    .map((word) => `${word}\0`)
    .join("");
  return Buffer.from(`login ${id} ${Buffer.byteLength(payload)}\n${payload}`);
}

function userWord(user: InitStart["user"]): string {
  if (typeof user === "string") return user;
  return `${user.isAdmin ? "admin" : "nonadmin"} ${user.uid} ${user.gid}`;
}

/** A newline would end the command's line, so it stands as the script's own `$newline`. */
function shellWord(word: string): string {
  return `'${word.replaceAll("'", `'\\''`).replaceAll("\n", `'"$newline"'`)}'`;
}

export type InitEvent =
  | { readonly event: "ready"; readonly containment: "pidNamespace" | "session" }
  /** `since`: so many milliseconds ago; a short run's beginning is told with its end. */
  | { readonly event: "started"; readonly id: number; readonly since: number }
  /** It never ran; `ended` follows. `errno` is 0 when unknown. */
  | { readonly event: "failed"; readonly id: number; readonly step: string; readonly errno: number }
  /** What ended the run's command; `ended` follows. The shell init cannot tell it from an exit code. */
  | { readonly event: "signalled"; readonly id: number; readonly signal: number }
  /** Nothing of the run is alive any more. The shell init measures nothing. */
  | { readonly event: "ended"; readonly id: number; readonly exitCode: number; readonly usage?: RunUsage };

/** No line of an init's is longer; what is, is not its. */
const LINE_MAX_CHARACTERS = 1_024;

/**
 * Returns a function that takes the init's output piece by piece. Lines that it does not know are passed over: a node's administrator
 * may have got hold of its init, and says what they like, about their own node.
 */
export function initEventReader(onEvent: (event: InitEvent) => void): (piece: string) => void {
  let rest = "";
  return (piece) => {
    const lines = (rest + piece).split("\n");
    // One character more than fits, so that the line's end does not make it a line that does.
    rest = (lines.pop() ?? "").slice(0, LINE_MAX_CHARACTERS + 1);
    for (const line of lines) {
      const event = line.length > LINE_MAX_CHARACTERS ? undefined : parseEvent(line);
      if (event) onEvent(event);
    }
  };
}

function parseEvent(line: string): InitEvent | undefined {
  const [event, first = "", second = "", third = "", ...further] = line.split(" ", 8);
  if (event === "ready") return { event, containment: first === "session" ? "session" : "pidNamespace" };
  const id = wholeNumber(first);
  if (id === undefined) return undefined;
  switch (event) {
    case "started":
      return { event, id, since: (wholeNumber(second) ?? 0) / 1_000 };
    case "signalled": {
      const signal = wholeNumber(second);
      return signal === undefined ? undefined : { event, id, signal };
    }
    case "failed": {
      const errno = wholeNumber(third);
      return errno === undefined ? undefined : { event, id, step: second, errno };
    }
    case "ended": {
      const exitCode = wholeNumber(second);
      return exitCode === undefined ? undefined : { event, id, exitCode, ...runUsage([third, ...further]) };
    }
    default:
      return undefined;
  }
}

/** Empty for measurements that are not whole: the run has ended all the same. */
function runUsage(words: readonly string[]): { readonly usage?: RunUsage } {
  const numbers = words.map((word) => (/^\d{1,15}$/.test(word) ? Number(word) : undefined));
  const [userTime, kernelTime, blocksRead, blocksWritten, memory] = numbers;
  if (userTime === undefined || kernelTime === undefined || memory === undefined) return {};
  if (blocksRead === undefined || blocksWritten === undefined) return {};
  return { usage: { userTime, kernelTime, blocksRead, blocksWritten, memory } };
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
