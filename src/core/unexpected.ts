/** How an error that nobody expected is written to the log: with its stack, for whoever mends it. Peers are never shown it. */
export function unexpected(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
