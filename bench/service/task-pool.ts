/** A service of its own with a pool "bench", to whose nodes the tasks of a row go. */
import { rm } from "node:fs/promises";
import { BatchSession } from "./batch-session.ts";
import { type ServiceStart, startService } from "./service-process.ts";

export interface TaskPool {
  readonly session: BatchSession;
  /** Ends the service and removes its data folder. */
  stop(): Promise<void>;
}

/** Resolves when all nodes are idle. @param images that containers of the pool are made from */
export async function startTaskPool(
  start: ServiceStart,
  nodes: number,
  slots: number,
  images?: readonly string[],
): Promise<TaskPool> {
  const service = await startService(start);
  const session = await BatchSession.open(service);
  const stop = async () => {
    session.close();
    await service.stop();
    await rm(start.dataFolder, { recursive: true, force: true });
  };
  try {
    await session.addPool("bench", nodes, slots, images);
  } catch (error) {
    await stop();
    throw error;
  }
  return { session, stop };
}
