/**
 * Loaded into a service under test (`node --import`): writes a line to the file named by STALL_WATCH_FILE whenever the event loop has stood still for
 * longer than a request may make it.
 */
import { appendFileSync } from "node:fs";
import { LoopStalls } from "./loop-stalls.ts";

const { STALL_WATCH_FILE: file, STALL_WATCH_MS = "250" } = process.env;
if (file !== undefined && process.argv.includes("up")) {
  new LoopStalls((ms) => {
    if (ms > Number(STALL_WATCH_MS))
      appendFileSync(file, `${new Date().toISOString()} ${Math.round(ms)} ms\n`);
  });
}
