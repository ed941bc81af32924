/** Stops runs and waits for their ends: what a request announces is then what the next read shows. */
import type { App } from "../app.ts";
import { type RunStop, STOP_GRACE_MS, sendStops } from "./task-stop.ts";

/** How long a request waits for an agent that does not say that its runs have ended. Milliseconds; ours. */
const WAIT_MAX_MS = STOP_GRACE_MS + 2_000;

/** Tells the agents, and resolves when the runs have ended and that is written. An agent that is away keeps nobody for long. */
export async function stopAndWait(app: App, stops: readonly (RunStop | undefined)[]): Promise<void> {
  const told = stops.filter((stop) => stop !== undefined);
  if (told.length === 0) return;
  const ended = Promise.all(told.map(({ taskKey }) => app.taskEnds.wait(taskKey, WAIT_MAX_MS)));
  sendStops(app, told);
  await ended;
  // Behind the transaction that told of the last end.
  await app.store.write(async () => {});
}
