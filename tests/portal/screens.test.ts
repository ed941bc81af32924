/**
 * Pictures of every page, in light and dark, on a telephone, a laptop and a wall: for whoever changes how the portal looks, to be looked at.
 *
 *     BATCHYARD_SCREENS=/tmp/screens npx vitest run tests/portal/screens.test.ts
 *
 * The folder gets each picture, and below `sheets` one picture a page with all of its views. `BATCHYARD_SCREENS_OF=pools` draws only pages
 * whose addresses hold that. Without a folder nothing is drawn, and a quarter of the pages are measured.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { missing } from "../wire/client-program.fixture.ts";
import { CHROMIUM } from "../wire/entra/chromium.fixture.ts";
import { contactSheet, type Picture } from "./contact-sheet.fixture.ts";
import { IMAGE } from "./image.fixture.ts";
import { openPortal, type Portal } from "./portal.fixture.ts";

const FOLDER = process.env.BATCHYARD_SCREENS;
const ONLY = process.env.BATCHYARD_SCREENS_OF ?? "";
/** Pixels: the window, and how wide it stands on a sheet. */
const WINDOWS = [
  { width: 360, height: 740, onSheet: 300 },
  { width: 1280, height: 800, onSheet: 760 },
  { width: 2560, height: 1440, onSheet: 1060 },
];
const SCHEMES = ["light", "dark"] as const;

/** Whether the shown place of a resource's menu is in the window; true where there is no menu. */
const PLACE_IN_SIGHT = `[...document.querySelectorAll(".resource-menu [aria-current=page]")].every((place) => {
  const { left, right } = place.getBoundingClientRect();
  return left >= 0 && right <= innerWidth;
})`;

describe.skipIf(missing("Chromium", CHROMIUM, ["--version"]))("the portal's look", () => {
  let portal: Portal;
  beforeAll(async () => {
    portal = await openPortal({ isolation: "process" });
    await fill(portal);
    await portal.signIn();
  }, 180_000);
  afterAll(() => portal?.close());

  test("no page is wider than its window, on a telephone, and each shows where one is", {
    timeout: 900_000,
  }, async () => {
    const wide: string[] = [];
    const pages = (await pagesOf(portal)).filter((path) => path.includes(ONLY));
    if (FOLDER === undefined) {
      for (const path of pages.filter((_, index) => index % 4 === 1)) wide.push(...(await seen(path)));
    } else {
      mkdirSync(join(FOLDER, "sheets"), { recursive: true });
      const others = (await pagesByTheirLinks()).filter((path) => path.includes(ONLY));
      for (const path of [...pages, ...others]) wide.push(...(await drawn(path, FOLDER)));
    }
    expect(wide).toEqual([]);
  });

  /** Pages whose addresses hold ids that nobody knows before: of a managed identity, a group, an enterprise application. */
  async function pagesByTheirLinks(): Promise<string[]> {
    const { page, visit } = portal;
    const found: string[] = [];
    for (const [list, create] of [
      ["identities", "Create"],
      ["groups", "New group"],
      ["enterprise-applications", undefined],
    ] as const) {
      await visit(list);
      if (create !== undefined) {
        await page.getByRole("button", { name: create, exact: true }).click();
        const dialog = page.getByRole("dialog");
        await dialog.getByRole("textbox").first().fill("rendering");
        await dialog.getByRole("button", { name: "Create", exact: true }).click();
        await dialog.waitFor({ state: "detached" });
      }
      const link = page.getByRole("grid").getByRole("link").first();
      found.push(((await link.getAttribute("href")) ?? "").replace("/portal/", ""));
    }
    return found;
  }

  /** Goes to a page and tells whether it is wider than its window. */
  async function seen(path: string, { width, height } = WINDOWS[0] ?? { width: 360, height: 740 }) {
    await portal.page.setViewportSize({ width, height });
    await portal.visit(path);
    await portal.settled();
    const shown = await portal.page.evaluate<number>("document.documentElement.scrollWidth");
    const isPlaceSeen = await portal.page.evaluate<boolean>(PLACE_IN_SIGHT);
    return [
      ...(shown > width ? [`${path} at ${width}: ${shown}`] : []),
      ...(isPlaceSeen ? [] : [`${path} at ${width}: where one is cannot be seen`]),
    ];
  }

  async function drawn(path: string, folder: string): Promise<string[]> {
    const { page, browser } = portal;
    const name = path.replaceAll(/[^\w-]+/g, "_") || "home";
    const wide: string[] = [];
    const rows: [Picture[], Picture[]] = [[], []];
    for (const size of WINDOWS) {
      wide.push(...(await seen(path, size)));
      for (const [row, colorScheme] of SCHEMES.entries()) {
        await page.emulateMedia({ colorScheme });
        const png = await page.screenshot({ path: join(folder, `${name}-${size.width}-${colorScheme}.png`) });
        rows[row]?.push({ png, width: size.onSheet });
      }
    }
    writeFileSync(join(folder, "sheets", `${name}.png`), await contactSheet(browser.context, path, rows));
    return wide;
  }
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
    `subscriptions/${ready.subscriptionId}/access`,
    ...ofAccount.map((path) => here + path),
    ...["", "?tab=timeline", "?tab=charts", "?tab=dependencies", "/tasks/frame-0003", "/add-tasks"].map(
      (path) => job + path,
    ),
    ...["", "/permissions", "/authentication", "/roles", "/owners", "/secrets"].map((path) => app + path),
  ];
}
