/** Signals that ask this process to end, held until the command is ready for them. */

/** SIGHUP means that the terminal went; without one it may be ignored on purpose (`nohup`). */
const stopSignals: readonly NodeJS.Signals[] = process.stdin.isTTY
  ? ["SIGINT", "SIGTERM", "SIGHUP"]
  : ["SIGINT", "SIGTERM"];

/** Each signal goes to the current listener; one that comes while there is none waits for it. */
export interface StopSignals {
  listen(listener: (signal: NodeJS.Signals) => void): void;
  /** The signals have their usual effect again. */
  release(): void;
}

export function holdStopSignals(): StopSignals {
  const waiting: NodeJS.Signals[] = [];
  let listener = (signal: NodeJS.Signals): void => {
    waiting.push(signal);
  };
  const receive = (signal: NodeJS.Signals): void => listener(signal);
  for (const signal of stopSignals) process.on(signal, receive);
  return {
    listen(next) {
      listener = next;
      for (const signal of waiting.splice(0)) next(signal);
    },
    release() {
      for (const signal of stopSignals) process.off(signal, receive);
    },
  };
}
