/** `batchyard stop`: asks the service on a data folder to stop and waits until its process is gone. */
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { parseOptions } from "./command/command-line.ts";
import { CommandError, exitCode } from "./command/exit-code.ts";
import { dataFolder } from "./service/data-folder.ts";
import { runningService } from "./service/running-service.ts";

export const help = `Stop the running service and wait until it is gone.

Usage: batchyard stop

  --data DIR       the service's state folder
  --timeout SECS   give up waiting after this long (default 30)
  --json           one JSON object

Exit code 0 when it is gone, 1 when it still runs, 3 when none was running.
`;

const POLL_MS = 20;

export async function execute(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, {
    data: { type: "string" },
    timeout: { type: "string", default: "30" },
    json: { type: "boolean", default: false },
  });
  const seconds = Number(options.timeout);
  if (!(seconds > 0)) throw new CommandError("--timeout takes a number of seconds", exitCode.usage);
  const { pid } = await runningService(dataFolder(options.data));
  try {
    process.kill(pid, "SIGTERM");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EPERM") {
      throw new CommandError(`process ${pid} belongs to another user`);
    }
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
  const deadline = performance.now() + seconds * 1000;
  while (isAlive(pid)) {
    if (performance.now() > deadline) throw new CommandError(`process ${pid} still runs after ${seconds} s`);
    await delay(POLL_MS);
  }
  process.stdout.write(options.json ? `${JSON.stringify({ stopped: true, pid })}\n` : "Stopped.\n");
  return exitCode.ok;
}

/** A process that has ended and waits for its parent to notice counts as gone. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    // proc(5): the state follows the command's name, which is in parentheses and may hold any character.
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    // No /proc here, or it went just now; the next round tells.
    return true;
  }
}
