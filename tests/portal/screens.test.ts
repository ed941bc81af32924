/**
 * Pictures of every page, in light and dark, on a telephone, a laptop and a wall: for whoever changes how the portal looks, to be looked at.
 *
 *     BATCHYARD_SCREENS=/tmp/screens npx vitest run tests/portal/screens.test.ts
 *
 * Without a folder nothing is drawn, and a quarter of the pages are measured.
 */
import { mkdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { missing } from "../wire/client-program.fixture.ts";
import { CHROMIUM } from "../wire/entra/chromium.fixture.ts";
import { IMAGE } from "./image.fixture.ts";
import { openPortal, type Portal } from "./portal.fixture.ts";

const FOLDER = process.env.BATCHYARD_SCREENS;
const WIDTHS = FOLDER === undefined ? [360] : [360, 1280, 2560];
const HEIGHTS: Readonly<Record<number, number>> = { 360: 740, 1280: 800, 2560: 1440 };

describe.skipIf(missing("Chromium", CHROMIUM, ["--version"]))("the portal's look", () => {
  let portal: Portal;
  beforeAll(async () => {
    portal = await openPortal({ isolation: "process" });
    await fill(portal);
    await portal.signIn();
  }, 180_000);
  afterAll(() => portal?.close());

  test("no page is wider than its window, on a telephone", { timeout: 600_000 }, async () => {
    const { page, visit } = portal;
    const wide: string[] = [];
    if (FOLDER !== undefined) mkdirSync(FOLDER, { recursive: true });
    for (const path of pagesOf(portal).filter((_, index) => FOLDER !== undefined || index % 4 === 1)) {
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: HEIGHTS[width] ?? 800 });
        await visit(path);
        await portal.settled();
        const shown = await page.evaluate<number>("document.documentElement.scrollWidth");
        if (shown > width) wide.push(`${path} at ${width}: ${shown}`);
        for (const colorScheme of FOLDER === undefined ? [] : (["light", "dark"] as const)) {
          await page.emulateMedia({ colorScheme });
          const name = path.replaceAll(/[^\w-]+/g, "_") || "home";
          await page.screenshot({ path: `${FOLDER}/${name}-${width}-${colorScheme}.png` });
        }
      }
    }
    expect(wide).toEqual([]);
  });
});

/** Something on every page. */
async function fill({ batch }: Portal): Promise<void> {
  const pool = { vmSize: "standard_d1_v2", virtualMachineConfiguration: IMAGE };
  await batch.pools.add({
    ...pool,
    id: "work",
    targetDedicatedNodes: 2,
    startTask: { commandLine: "/bin/true" },
  });
  await batch.pools.add({
    ...pool,
    id: "scaling",
    enableAutoScale: true,
    autoScaleFormula: "$TargetDedicatedNodes = 0;",
  });
  await batch.jobs.add({ id: "rendering", poolInfo: { poolId: "work" }, usesTaskDependencies: true });
  await batch.jobs.add({ id: "a-job-with-a-rather-long-name-2026-12-01", poolInfo: { poolId: "scaling" } });
  await batch.tasks.addCollection(
    "rendering",
    Array.from({ length: 40 }, (_, n) => ({
      id: `frame-${String(n).padStart(4, "0")}`,
      commandLine: n % 7 === 3 ? "/bin/sh -c 'echo no such file >&2; exit 3'" : "/bin/sh -c 'echo frame'",
      ...(n > 30 && { dependsOn: { taskIds: [`frame-${String(n - 30).padStart(4, "0")}`] } }),
    })),
  );
  await batch.jobSchedules.add({
    id: "nightly",
    schedule: { recurrenceInterval: "P1D" },
    jobSpecification: { poolInfo: { poolId: "work" } },
  });
}

function pagesOf({ service: { ready } }: Portal): string[] {
  const here = `accounts/${ready.account}`;
  const job = `${here}/jobs/rendering`;
  const app = `applications/${ready.clientId}`;
  const ofAccount = [
    ...["", "/keys", "/jobs", "/schedules", "/pools", "/applications", "/certificates", "/authentication"],
    ...["/identity", "/storage", "/tags", "/quotas", "/new-job", "/new-pool", "/new-schedule"],
    ...["/access", "/access?tab=roles", "/access?tab=new-role", "/access?tab=check", "/access?tab=deny"],
    ...["/pools/work", "/pools/scaling", "/pools/scaling/autoscale"],
  ];
  return [
    ...["", "all-services", "accounts", "subscriptions", "tenant", "users", "groups", "identities"],
    ...["enterprise-applications", "refusals", "activity", "applications", "applications/new"],
    ...ofAccount.map((path) => here + path),
    ...["", "?tab=timeline", "?tab=charts", "?tab=dependencies", "/tasks/frame-0003", "/add-tasks"].map(
      (path) => job + path,
    ),
    ...["", "/permissions", "/authentication", "/roles", "/owners", "/secrets"].map((path) => app + path),
  ];
}
