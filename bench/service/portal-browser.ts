/** Chromium with a user signed in to the portal of a service that is measured, and what it tells about the page. */
import { readFileSync } from "node:fs";
import type { CDPSession, Page } from "playwright-core";
import { type Chromium, openChromium } from "../../tests/wire/entra/chromium.fixture.ts";
import type { ServiceProcess } from "./service-process.ts";

export interface PortalBrowser {
  readonly page: Page;
  /** The portal's first page, with a slash at its end. */
  readonly url: string;
  /** Megabytes of 10^6 bytes of the page's scripts, after what nobody holds was collected. */
  heapMegabytes(): Promise<number>;
  /** Loads the page anew, with nothing in the cache, and tells what Chromium's own trace says of that. */
  tracedLoad(): Promise<LoadFigures>;
  close(): Promise<void>;
}

export interface LoadFigures {
  /** Milliseconds from the navigation on. */
  readonly firstContentfulPaint: number;
  /** When the first page is there, and the page's thread has ended its last task of 50 ms or more. */
  readonly timeToInteractive: number;
  /** Kilobytes of scripts, as they were sent, before the first page was there. */
  readonly scriptKilobytes: number;
}

const PATIENCE_MS = 60_000;

export async function openPortalBrowser({ ready }: ServiceProcess): Promise<PortalBrowser> {
  if (ready.portal === null || ready.username === null || ready.password === null)
    throw new Error("the service has no portal, or no user");
  const ca = readFileSync(ready.caFile, "utf8");
  const browser: Chromium = await openChromium(Number(new URL(ready.login).port), ca);
  const page = await browser.context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const url = `${ready.portal}portal/`;
  // The first one who comes waits until it is built.
  await page.goto(url);
  await page.getByLabel("User name").fill(ready.username);
  await page.getByLabel("Password").fill(ready.password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Home", level: 1 }).waitFor();
  const session = await browser.context.newCDPSession(page);
  return {
    page,
    url,
    heapMegabytes: async () => {
      await session.send("HeapProfiler.collectGarbage");
      return (await session.send("Runtime.getHeapUsage")).usedSize * 1e-6;
    },
    tracedLoad: () => tracedLoad(page, session),
    close: () => browser.close(),
  };
}

interface TraceEvent {
  readonly name: string;
  readonly cat: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
}

const CATEGORIES = "loading,blink.user_timing,toplevel,disabled-by-default-devtools.timeline";
const LONG_TASK_US = 50_000;

async function tracedLoad(page: Page, session: CDPSession): Promise<LoadFigures> {
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  await session.send("Tracing.start", { categories: CATEGORIES, transferMode: "ReportEvents" });
  await page.reload();
  await page.getByRole("heading", { name: "Home", level: 1 }).waitFor();
  const ended = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
  await session.send("Tracing.end");
  await ended;
  await session.send("Network.setCacheDisabled", { cacheDisabled: false });
  const painted = events.findLast(({ name }) => name === "firstContentfulPaint");
  if (painted === undefined) throw new Error("the trace has no first contentful paint");
  const begun = events.findLast(
    ({ name, pid, ts }) => name === "navigationStart" && pid === painted.pid && ts < painted.ts,
  );
  if (begun === undefined) throw new Error("the trace has no navigation");
  const ends = events
    .filter(
      ({ name, pid, tid, dur = 0 }) =>
        /RunTask$/.test(name) && pid === painted.pid && tid === painted.tid && dur >= LONG_TASK_US,
    )
    .map(({ ts, dur = 0 }) => ts + dur);
  const shown = events.findLast(({ name, pid }) => name === "page" && pid === painted.pid);
  const since = (time: number) => (time - begun.ts) / 1_000;
  return {
    firstContentfulPaint: since(painted.ts),
    timeToInteractive: since(Math.max(painted.ts, shown?.ts ?? 0, ...ends)),
    scriptKilobytes: (await page.evaluate<number>(SCRIPT_BYTES)) / 1_000,
  };
}

/** Runs in the page. */
const SCRIPT_BYTES = `(() => {
  const shownAt = performance.getEntriesByName("page")[0].startTime;
  return performance.getEntriesByType("resource")
    .filter(({ name, startTime }) => name.endsWith(".js") && startTime < shownAt)
    .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
})()`;
