/**
 * A service inside this process: for `up`, and for `run` and `demo` where none is running. The only part of the command
 * line that reaches into the service; it starts and stops it and reads its ready line, nothing else.
 */

import type { ReadyLine } from "../../client/service-endpoints.ts";
import type { ServiceOptions } from "../../main.ts";
import { CommandError } from "../command/exit-code.ts";
import { ephemeralFolder } from "./data-folder.ts";
import { portalBuild } from "./portal-build.ts";

export interface HostedService {
  readonly ready: ReadyLine;
  readonly dataFolder: string;
  /** Stops the service; an ephemeral one's folder goes too. */
  close(): Promise<void>;
}

type Options = Omit<ServiceOptions, "dataFolder">;

/** @throws CommandError saying why it cannot start. */
export async function hostService(dataFolder: string, options: Options): Promise<HostedService> {
  const { StartError, startService } = await import("../../main.ts");
  try {
    const service = await startService({ buildPortal: portalBuild(options.log), ...options, dataFolder });
    return { ready: service.ready, dataFolder, close: () => service.close() };
  } catch (error) {
    throw error instanceof StartError ? new CommandError(error.message) : error;
  }
}

/** The same on a temporary folder. */
export async function hostEphemeralService(options: Options): Promise<HostedService> {
  const folder = await ephemeralFolder();
  try {
    const service = await hostService(folder.path, options);
    return { ...service, close: () => service.close().finally(() => folder.remove()) };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}
