/**
 * Makes an agent that is not root, and whose user has been given ids beside their own, root among those: it starts this program
 * anew in a user namespace that holds them, in the same process. Outside nothing changes: the process is still its user's, and
 * root's files stay root's. native/sandbox/ids.c does it.
 */
import { execFile } from "node:child_process";
import { readFileSync, readSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { type IdRange, idMap, subordinateRange } from "../core/lifecycle/subordinate-ids.ts";
import type { InitProgram } from "./init-program.ts";

/** The user as whom the agent runs, as the machine knows them. */
export interface AgentUser {
  readonly name: string;
  /** Their ids outside; undefined where the agent is in no namespace of this module's. */
  readonly outside?: { readonly uid: number; readonly gid: number };
}

/** The option by which a program that was started anew knows that it was. */
export const AGENT_USER_OPTION = "user";

/** The descriptors of the id tables, left open by native/sandbox/ids.c. */
const TABLE_DESCRIPTORS = new Map([
  ["/proc/self/net/tcp", 30],
  ["/proc/self/net/tcp6", 31],
]);

let isStartedAnew = false;

/** @param option the value of `--user`; undefined for a program that was not started anew */
export function agentUser(option: string | undefined): AgentUser {
  if (option === undefined) return { name: ownName() };
  isStartedAnew = true;
  return { name: option, outside: { uid: outsideId("uid"), gid: outsideId("gid") } };
}

/**
 * Starts this program anew with more ids, or returns why it cannot be; the caller then goes on with its one.
 * @param folder where nodes' folders are to lie, and can be tried
 * @param words further ones for the program's next start
 */
export async function enterIdNamespace(
  program: InitProgram,
  folder: string,
  words: readonly string[] = [],
): Promise<string | undefined> {
  const { geteuid, getegid, execve } = process;
  if (!geteuid || !getegid || geteuid() === 0) return undefined;
  if (program.dialect === "shell") return `the node's init is the shell one (${program.reason})`;
  if (program.command.length > 1) return "BATCHYARD_NODE_INIT asks for none";
  if (!execve) return "this Node.js cannot start itself anew";
  const name = ownName();
  const users = rangeIn("/etc/subuid", { name, id: geteuid() });
  const groups = rangeIn("/etc/subgid", { name, id: geteuid() });
  if (!users || !groups) return `${name} has no range in /etc/subuid and /etc/subgid`;

  const [file] = program.command;
  const own = ["ids", idMap(geteuid(), users), idMap(getegid(), groups), folder];
  const obstacle = await trial(file, own);
  if (obstacle !== undefined) return obstacle;
  const [script = "", ...given] = process.argv.slice(1);
  const again = [...process.execArgv, script, ...given, ...words, `--${AGENT_USER_OPTION}`, name];
  // The user's home: whoever is root would be sent to root's. The first word is the one by which agents know each other.
  execve(file, [process.argv0, ...own, process.execPath, ...again], { ...process.env, HOME: homedir() });
  return undefined;
}

/**
 * Reads a table of the kernel's, in which users are numbered as on the machine: inside the namespace, one that was opened before it.
 */
export function readKernelTable(path: string): string {
  const fd = isStartedAnew ? TABLE_DESCRIPTORS.get(path) : undefined;
  if (fd === undefined) return readFileSync(path, "latin1");
  const pieces: Buffer[] = [];
  for (let position = 0; ; ) {
    const piece = Buffer.allocUnsafe(65_536);
    const length = readSync(fd, piece, 0, piece.length, position);
    if (length === 0) return Buffer.concat(pieces).toString("latin1");
    pieces.push(piece.subarray(0, length));
    position += length;
  }
}

/** Goes through all of it in a process that is then thrown away: a half-made namespace cannot be left again. */
function trial(file: string, words: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(file, words, (error, _, said) => {
      const lines = said.trim().split("\n");
      if (!error) resolve(undefined);
      else if (said.includes("newuidmap: No such file")) resolve("newuidmap is not installed");
      else resolve(lines.at(-1) || error.message);
    });
  });
}

function rangeIn(file: string, user: { readonly name: string; readonly id: number }): IdRange | undefined {
  try {
    return subordinateRange(readFileSync(file, "utf8"), user);
  } catch {
    return undefined;
  }
}

function outsideId(kind: "uid" | "gid"): number {
  const [, outside] = readFileSync(`/proc/self/${kind}_map`, "utf8").trim().split(/\s+/);
  return Number(outside);
}

/** Not every user has a name: containers run as numbers. */
function ownName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.geteuid?.());
  }
}
