/** Holds what came of a client's calls against the table that stands on the compatibility page. */
import { writeFileSync } from "node:fs";
import { expect } from "vitest";
import { type ManagementTour, managementTours, TOURS_FILE } from "../../tools/management-tours.ts";

/** @param seen by call, `ok` or what came instead */
export function expectTour(client: string, seen: Readonly<Record<string, string>>): void {
  const otherwise = Object.fromEntries(Object.entries(seen).filter(([, outcome]) => outcome !== "ok"));
  const tour: ManagementTour = { client, calls: Object.keys(seen).length, otherwise };
  if (process.env.BATCHYARD_WRITE_TOURS) {
    const others = managementTours().filter((each) => each.client !== client);
    const all = [...others, tour].sort((one, other) => (one.client < other.client ? -1 : 1));
    writeFileSync(TOURS_FILE, `${JSON.stringify(all, null, 2)}\n`);
  }
  expect(tour).toEqual(managementTours().find((each) => each.client === client));
}
