import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import type { AuditEntry } from "../../../wire/access/access-api.ts";
import { entryViews } from "./entry-views.ts";

const ENTRIES = 5_000;
/** Of the processor, for each. */
const VIEW_MS = 0.04;

test("thousands of lines are shown in their order, and leave others their turns", async () => {
  let isOver = false;
  let turns = 0;
  const others = (async () => {
    for (; !isOver; turns++) await nextTurn();
  })();
  const entries = Array.from({ length: ENTRIES }, (_, i) => ({ requestId: String(i) }) as AuditEntry);
  const views = await entryViews(entries, async ({ requestId }) => {
    for (const end = performance.now() + VIEW_MS; performance.now() < end; );
    return requestId;
  });
  isOver = true;
  await others;
  expect(views).toEqual(entries.map(({ requestId }) => requestId));
  expect(turns).toBeGreaterThan(5);
});
