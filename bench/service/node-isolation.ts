/** Whether the program under test can give nodes sandboxes of their own on this machine, by its own word. */
import { execFile } from "node:child_process";

/** Why it cannot; undefined when it can. */
export function namespaceObstacle(program: string): Promise<string | undefined> {
  return obstacle(program, "namespaceObstacle");
}

/** Why they have no roots of their own, and no containers; undefined when they have. */
export function rootObstacle(program: string): Promise<string | undefined> {
  return obstacle(program, "rootObstacle");
}

function obstacle(program: string, name: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, "doctor", "--json"], (error, stdout) => {
      if (stdout === "") reject(error ?? new Error("doctor said nothing"));
      else resolve(JSON.parse(stdout)[name] ?? undefined);
    });
  });
}
