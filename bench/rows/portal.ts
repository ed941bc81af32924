/**
 * The portal in Chromium, with a job of a million tasks and a pool of a thousand nodes: how soon the first rows are there, how smoothly one
 * scrolls, what the tab holds after minutes, what an open page costs the service, and how much is loaded before the first page.
 */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CHROMIUM } from "../../tests/wire/entra/chromium.fixture.ts";
import type { BenchContext, BenchRow, Figure } from "../bench-row.ts";
import { BatchSession } from "../service/batch-session.ts";
import { openPortalBrowser, type PortalBrowser } from "../service/portal-browser.ts";
import { cpuSeconds } from "../service/process-figures.ts";
import { addCompletedTasks } from "../service/seeded-store.ts";
import { type ServiceProcess, startService } from "../service/service-process.ts";

const NAME = "portal";
const BARS = {
  rowsSeconds: 1,
  frameMs: 100,
  heapMegabytes: 150,
  percentOfACore: 2,
  scriptKilobytes: 220,
};
const SCROLL_MS = 10_000;

export const portal: BenchRow = {
  name: NAME,
  about:
    "the portal with a million tasks and 1,000 nodes; BENCH_LIVE_MINUTES=10 leaves the job's page open longer",
  isByHand: true,
  async run(context) {
    if (!existsSync(CHROMIUM)) return [{ name: NAME, skipped: "Chromium is not installed" }];
    const dataFolder = await mkdtemp(join(context.folder, "portal-"));
    const service = await filledService(context, dataFolder);
    try {
      const browser = await openPortalBrowser(service);
      try {
        return await measured(context, service, browser);
      } finally {
        await browser.close();
      }
    } finally {
      await service.stop();
      await rm(dataFolder, { recursive: true, force: true });
    }
  },
};

/** A pool with all its nodes, and a job whose tasks are written while nothing runs. */
async function filledService(context: BenchContext, dataFolder: string): Promise<ServiceProcess> {
  const { quick, program, cacheFolder, progress } = context;
  const start = { dataFolder, program, cacheFolder, isolation: "process" } as const;
  const [tasks, nodes] = quick ? [100_000, 50] : [1_000_000, 1_000];
  const first = await startService(start);
  const before = await BatchSession.open(first);
  await before.addPool("bench", 1, 1);
  await before.addJob("large", "bench");
  before.close();
  await first.stop();
  progress(`${NAME}: ${tasks.toLocaleString("en")} tasks are made`);
  await addCompletedTasks(dataFolder, tasks);
  const service = await startService(start);
  progress(`${NAME}: ${nodes.toLocaleString("en")} nodes are started`);
  const session = await BatchSession.open(service);
  await session.addPool("nodes", nodes, 1);
  session.close();
  return service;
}

async function measured(
  { quick, progress }: BenchContext,
  service: ServiceProcess,
  browser: PortalBrowser,
): Promise<Figure[]> {
  const { page, url, heapMegabytes, tracedLoad } = browser;
  const figures: Figure[] = [];
  const tell = (what: string, unit: Figure["unit"], value: number, atMost?: number) => {
    progress(`${NAME}: ${what}: ${value.toFixed(2)} ${unit}`);
    figures.push({
      name: NAME,
      what,
      unit,
      values: [value],
      ...(atMost !== undefined && { bar: { atMost } }),
    });
  };
  const load = await tracedLoad();
  tell("scripts at first load", "kB", load.scriptKilobytes, BARS.scriptKilobytes);
  tell("first contentful paint", "ms", load.firstContentfulPaint);
  tell("time to interactive", "ms", load.timeToInteractive);

  const idleSeconds = quick ? 5 : 20;
  const minutes = Number(process.env.BENCH_LIVE_MINUTES ?? (quick ? 0.1 : 1));
  const here = `accounts/${service.ready.account}`;
  await page.goto("about:blank");
  const idle = await percentOfACore(service.pid, idleSeconds);
  const pages: readonly (readonly [what: string, list: string, path: string, first: string])[] = [
    ["million tasks", "jobs", "jobs/large", "[role=grid][aria-label=Tasks] [role=row][data-index] a"],
    ["1,000 nodes", "pools", "pools/nodes", "[role=group][aria-label='Nodes by state'] button"],
  ];
  for (const [what, list, path, first] of pages) {
    await page.goto(`${url}${here}/${list}`);
    const link = `a[href$="/${path}"]`;
    await page.locator(link).waitFor();
    tell(`${what}: first rows`, "s", await page.evaluate<number>(untilShown(link, first)), BARS.rowsSeconds);
    const frames = await page.evaluate<number>(LONGEST_FRAME);
    tell(`${what}: longest frame`, "ms", frames, BARS.frameMs);
    const isLong = list === "jobs";
    const cost = await percentOfACore(service.pid, isLong ? minutes * 60 : idleSeconds);
    tell(`${what}: service`, "%", cost - idle, BARS.percentOfACore);
    tell(`${what}: heap`, "MB", await heapMegabytes(), BARS.heapMegabytes);
  }
  return figures;
}

async function percentOfACore(pid: number, seconds: number): Promise<number> {
  const before = cpuSeconds(pid);
  await delay(seconds * 1_000);
  return ((cpuSeconds(pid) - before) / seconds) * 100;
}

/** Runs in the page: presses a link and waits for what it leads to, in seconds. */
const untilShown = (link: string, shown: string): string => `(async () => {
  const startedAt = performance.now();
  document.querySelector(${JSON.stringify(link)}).click();
  while (document.querySelector(${JSON.stringify(shown)}) === null) await new Promise(requestAnimationFrame);
  return (performance.now() - startedAt) / 1000;
})()`;

/** Runs in the page: scrolls the table, or the page where there is none, down and to any place, and tells the longest frame in milliseconds. */
const LONGEST_FRAME = `(async () => {
  const scroller = document.querySelector(".data-table") ?? document.scrollingElement;
  const frame = () => new Promise(requestAnimationFrame);
  let before = await frame();
  const endsAt = before + ${SCROLL_MS};
  let longest = 0;
  for (let turn = 0; before < endsAt; turn++) {
    const end = scroller.scrollHeight - scroller.clientHeight;
    scroller.scrollTop = turn % 10 === 9 ? (end * ((turn * 7919) % 1000)) / 1000 : Math.min(end, scroller.scrollTop + 900);
    const now = await frame();
    longest = Math.max(longest, now - before);
    before = now;
  }
  return longest;
})()`;
