/** Tours of client libraries through all of their operations, as `tests/wire/client-tours.test.ts` has made them. */
import { readFileSync } from "node:fs";

export interface ClientTour {
  readonly client: string;
  /** What it sent. */
  readonly apiVersion: string;
  /** Operations. */
  readonly tried: number;
  readonly passed: number;
  /** What came instead, by operation. */
  readonly failed: Readonly<Record<string, string>>;
}

export function readClientTours(): readonly ClientTour[] {
  return JSON.parse(readFileSync(new URL("client-tours.json", import.meta.url), "utf8"));
}
