/** Sizes and limits as Docker's options write them. Pure. Source: Docker, "docker container run"; setrlimit(2). */
import { RunOptionsProblem } from "./run-options-problem.ts";

/** `resource` is its number on Linux; the largest number stands for no limit. */
export interface ResourceLimit {
  readonly resource: number;
  readonly soft: bigint;
  readonly hard: bigint;
}

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
};

/** @param value a number of bytes, with a unit where one is wanted: `64m` */
export function bytesOf(option: string, value: string): number {
  const [, count, unit = ""] = /^(\d{1,15}(?:\.\d{1,6})?)([bkmgt]?)b?$/i.exec(value) ?? [];
  const bytes = count === undefined ? 0 : Math.floor(Number(count) * (UNITS[unit.toLowerCase()] ?? 0));
  if (bytes <= 0 || !Number.isSafeInteger(bytes))
    throw new RunOptionsProblem(`${option} takes a size, such as 64m`);
  return bytes;
}

/** As most architectures number them, x86 and Arm among them. */
const RESOURCES: Readonly<Record<string, number>> = {
  cpu: 0,
  fsize: 1,
  data: 2,
  stack: 3,
  core: 4,
  rss: 5,
  nproc: 6,
  nofile: 7,
  memlock: 8,
  as: 9,
  locks: 10,
  sigpending: 11,
  msgqueue: 12,
  nice: 13,
  rtprio: 14,
  rttime: 15,
};

/** The resource that `--memory` is held by: what each process may write into of its own. */
export const DATA_RESOURCE = 2;
const UNLIMITED = 2n ** 64n - 1n;

/** @param value of `--ulimit`: `NAME=SOFT[:HARD]`, -1 for no limit */
export function limitOf(value: string): ResourceLimit {
  const [, name = "", soft = "", hard = soft] =
    /^([a-z]+)=(-1|\d{1,19})(?::(-1|\d{1,19}))?$/.exec(value) ?? [];
  const resource = Object.hasOwn(RESOURCES, name) ? RESOURCES[name] : undefined;
  if (resource === undefined)
    throw new RunOptionsProblem(
      `--ulimit takes NAME=SOFT or NAME=SOFT:HARD, with one of ${Object.keys(RESOURCES).join(", ")}`,
    );
  const numbers = [soft, hard].map((text) => (text === "-1" ? UNLIMITED : BigInt(text))) as [bigint, bigint];
  if (numbers[0] > numbers[1])
    throw new RunOptionsProblem(`--ulimit: the soft limit of ${name} is above its hard one`);
  return { resource, soft: numbers[0], hard: numbers[1] };
}
