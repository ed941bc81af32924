/** Programs of this machine that mount file systems: they run as root outside the nodes, end with the agent, and are told nothing by their command line that is secret. */
import { execFile } from "node:child_process";
import { accessSync, constants, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

const PLACES = `${process.env.PATH ?? ""}:/usr/sbin:/sbin:/usr/bin:/bin`;

/**
 * What begins the words of a program that is to end when this process does, whatever happens to it. Of root's powers it keeps those with which
 * file systems are mounted, and its own files are all that it can write.
 */
export const BOUND = [
  "setpriv",
  "--pdeathsig=KILL",
  "--no-new-privs",
  "--bounding-set=-all,+sys_admin,+setuid,+setgid,+dac_read_search",
  "--inh-caps=-all",
] as const;

/** Where it is; undefined where it is not installed. */
export function programPath(name: string): string | undefined {
  return PLACES.split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Of the agent's own mount namespace. Nothing below the path is looked at. */
export function isMounted(path: string): boolean {
  return readFileSync("/proc/self/mountinfo", "utf8").includes(` ${path} `);
}

/** Whoever still uses it loses nothing; it is seen by nobody new. */
export async function unmount(path: string): Promise<void> {
  await ended("umount", ["--lazy", path], {}, undefined).catch(() => {});
}

/** The environment of such a program. */
export function mountEnvironment(variables: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { PATH: PLACES, LC_ALL: "C", ...variables };
}

const ENDED_MS = 60_000;
const SAID_MAX_BYTES = 256 * 1024;

/**
 * Resolves when the program has ended well.
 * @throws Error with all that it said, or the signal's reason
 */
export function ended(
  program: string,
  words: readonly string[],
  variables: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const options = {
    env: mountEnvironment(variables),
    cwd: "/",
    timeout: ENDED_MS,
    killSignal: "SIGKILL" as const,
    maxBuffer: SAID_MAX_BYTES,
    ...(signal && { signal }),
  };
  return new Promise((resolve, reject) => {
    execFile(program, [...words], options, (error, _, said) => {
      if (!error) resolve();
      else if (signal?.aborted) reject(signal.reason);
      else if (error.killed) reject(new Error(`it did not end within ${ENDED_MS / 1_000} seconds`));
      else reject(new Error(said.trim() || error.message));
    });
  });
}
