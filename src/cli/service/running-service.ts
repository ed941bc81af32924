/**
 * Finds the service that runs on a data folder: `service.json` says where, its `/health` proves that it is that process.
 * A file left behind by a killed service is not a running service.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ServiceFile } from "../../client/service-endpoints.ts";
import { CommandError, exitCode } from "../command/exit-code.ts";
import { HttpStatusError, requestJson } from "../connect/http-json.ts";

/** Undefined when nothing runs there. */
export async function findRunningService(folder: string): Promise<ServiceFile | undefined> {
  const file = await readServiceFile(folder);
  if (file === undefined) return undefined;
  const health = await requestJson(`${file.plain}/health`).catch(ofTrouble);
  return (health as { pid?: unknown } | undefined)?.pid === file.pid ? file : undefined;
}

/** A service in trouble answers too, with another status. */
function ofTrouble(error: unknown): unknown {
  if (!(error instanceof HttpStatusError)) return undefined;
  try {
    return JSON.parse(error.content);
  } catch {
    return undefined;
  }
}

/** @throws CommandError (not running) */
export async function runningService(folder: string): Promise<ServiceFile> {
  const service = await findRunningService(folder);
  if (service !== undefined) return service;
  throw new CommandError(
    `no service is running on ${folder}; start one with: batchyard up`,
    exitCode.notRunning,
  );
}

async function readServiceFile(folder: string): Promise<ServiceFile | undefined> {
  try {
    const file: unknown = JSON.parse(await readFile(join(folder, "service.json"), "utf8"));
    return isServiceFile(file) ? file : undefined;
  } catch (error) {
    // Half-written counts as absent: the service writes it when it is ready.
    if ((error as NodeJS.ErrnoException).code === "ENOENT" || error instanceof SyntaxError) return undefined;
    throw new CommandError(`cannot read ${join(folder, "service.json")}: ${(error as Error).message}`);
  }
}

/** What has to be asked whether it is true: the rest is believed once the process that it names has answered. */
function isServiceFile(file: unknown): file is ServiceFile {
  if (typeof file !== "object" || file === null) return false;
  const { plain, pid } = file as Partial<ServiceFile>;
  return typeof plain === "string" && Number.isSafeInteger(pid) && Number(pid) > 1;
}
