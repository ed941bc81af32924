/** What a piece of work costs its thread: on a machine with other work on it, as much as on a quiet one. */

/** @returns milliseconds of processor time. @throws what the work throws */
export function computedMs(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}
