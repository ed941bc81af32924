/** Waits of the tests, which are for Azure's machines, are shortened; those of seconds, and mocha's own limits, stay. */
const LONG_MS = 10_000;
const MINUTE_MS = 60_000;
const MOCHAS_MS = 1_000_000;
const wait = global.setTimeout;

function pace(ms) {
  if (!(ms > LONG_MS && ms < MOCHAS_MS)) return ms;
  return ms < MINUTE_MS ? ms / 2 : ms / 20;
}

global.setTimeout = (then, ms, ...more) => wait(then, pace(ms), ...more);
