/** Tours of client libraries through Resource Manager and Graph, as the tests with `management-tour.fixture.ts` have made them. */
import { readFileSync } from "node:fs";

export const TOURS_FILE = new URL("management-tours.json", import.meta.url);

export interface ManagementTour {
  readonly client: string;
  readonly calls: number;
  /** What came instead of success, by call. */
  readonly otherwise: Readonly<Record<string, string>>;
}

export function managementTours(): readonly ManagementTour[] {
  return JSON.parse(readFileSync(TOURS_FILE, "utf8"));
}
