/**
 * Gives back the room that the heap has beyond what lives in it, while the service has nothing to do. The start alone leaves some 30 MB of
 * it: V8 lets the young generation grow with what is allocated, and shrinks it when memory is short, which on most machines is never.
 */
import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Milliseconds between two looks; the first is soon after the start. */
const LOOK_MS = 5_000;
/** Of one processor, in all threads, since the last look: a service with more to do is let alone. */
const IDLE_SHARE = 0.03;
/** Bytes that the young generation may hold. Collecting it takes some 30 ms, and the next requests take it again. */
const YOUNG_MAX = 8 * 1024 * 1024;
/** Bytes. A collection takes about a millisecond for each megabyte that lives: beyond this it would be noticed. */
const USED_MAX = 48 * 1024 * 1024;

type CollectGarbage = (options: { readonly type: "major"; readonly flavor: "last-resort" }) => void;

export interface HeapLook {
  /** Processor time of all threads since the last look. Microseconds. */
  readonly busy: number;
  /** Bytes in memory for the young generation, whether anything lives there or not. */
  readonly young: number;
  /** Bytes that live in the whole heap, and what has died since the last collection. */
  readonly used: number;
}

/** Whether there is much to give back, and nobody who would notice. */
export function isWorthShrinking({ busy, young, used }: HeapLook): boolean {
  return busy < IDLE_SHARE * LOOK_MS * 1_000 && young > YOUNG_MAX && used <= USED_MAX;
}

/** Until the process ends; it keeps no process from ending. */
export function shrinkHeapWhenIdle(): void {
  let before = process.cpuUsage();
  let collect: CollectGarbage | undefined;
  setInterval(() => {
    const { user, system } = process.cpuUsage(before);
    before = process.cpuUsage();
    const look = { busy: user + system, young: youngBytes(), used: getHeapStatistics().used_heap_size };
    if (!isWorthShrinking(look)) return;
    collect ??= garbageCollector();
    collect({ type: "major", flavor: "last-resort" });
  }, LOOK_MS).unref();
}

function youngBytes(): number {
  return (
    getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space")?.physical_space_size ?? 0
  );
}

/** The function is in contexts that are made after the flag: https://nodejs.org/api/v8.html#v8setflagsfromstringflags. */
function garbageCollector(): CollectGarbage {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as CollectGarbage;
}
