/**
 * Whether nodes on this machine can have namespaces, as far as it shows in a few milliseconds, before there is an agent. The agent finds
 * out for good, by making one; this is for whoever starts the service and wants to know what the nodes will be.
 */
import { execFile } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { subordinateRange } from "../core/lifecycle/subordinate-ids.ts";

const CHECK_MS = 5_000;
/** The same two levels up from the sources and from the published `dist/compute`. */
const SHIPPED_INIT = fileURLToPath(
  new URL(`../../native/build/${process.platform}-${process.arch}/node-init`, import.meta.url),
);

/** Why not; undefined when nothing speaks against it. */
export async function namespacesObstacle(): Promise<string | undefined> {
  const { BATCHYARD_NODE_INIT: wish } = process.env;
  if (wish !== undefined) return `BATCHYARD_NODE_INIT is ${wish}`;
  if (!existsSync(SHIPPED_INIT) && !isOnPath("cc")) return "no C compiler (cc) on this machine";
  const words = ["--user", "--map-root-user", "--mount", "--net", "--pid", "--fork", "true"];
  try {
    await promisify(execFile)("unshare", words, { timeout: CHECK_MS });
    return undefined;
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { readonly stderr?: string };
    return code === "ENOENT" ? undefined : (stderr?.trim().split("\n").at(-1) ?? String(code));
  }
}

/** Whether agents of this user can have more ids than one, as far as the system's files tell. */
export function hasSubordinateIds(): boolean {
  const id = process.geteuid?.() ?? 0;
  try {
    const user = { name: userInfo().username, id };
    return ["/etc/subuid", "/etc/subgid"].every((file) => subordinateRange(readFileSync(file, "utf8"), user));
  } catch {
    return false; // no such files, or a user without a name
  }
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
