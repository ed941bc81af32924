import { environmentManager, QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Unreachable } from "./api/service-request.ts";
import { LIVE_MS, live, livePause, PROMPT_ANSWER_MS, SEEN_WITHIN_MS } from "./queries.ts";

// The session, which is asked for tokens, listens to the window as soon as it is loaded.
vi.hoisted(() => vi.stubGlobal("addEventListener", () => {}));

beforeEach(() => {
  vi.useFakeTimers();
  environmentManager.setIsServer(() => false);
});
afterEach(() => {
  vi.useRealTimers();
});

/** Asks a service whose answers say what was true when it was asked and come so many milliseconds later, as a page that is open does. */
function watch(took: (asked: number) => number) {
  let value = 0;
  let asked = 0;
  const seen = new Map<number, number>();
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const query = live({
    queryKey: ["watched"],
    queryFn: async () => {
      const answer = value;
      await new Promise((resolve) => setTimeout(resolve, took(asked++)));
      return answer;
    },
  });
  const stop = new QueryObserver(client, query).subscribe(({ data }) => {
    if (data !== undefined && !seen.has(data)) seen.set(data, Date.now());
  });
  return {
    change: () => {
      value++;
      return Date.now();
    },
    seen,
    asked: () => asked,
    stop: () => {
      stop();
      client.clear();
    },
  };
}

test.each([1, 50, 200, 350, PROMPT_ANSWER_MS])(
  "whatever changes is seen within two seconds where an answer takes %i ms",
  async (took) => {
    const page = watch(() => took);
    await vi.advanceTimersByTimeAsync(4 * SEEN_WITHIN_MS);
    for (let step = 0; step < 60; step++) {
      const changedAt = page.change();
      const changed = [...page.seen.keys()].length;
      await vi.advanceTimersByTimeAsync(SEEN_WITHIN_MS);
      expect((page.seen.get(changed) ?? Number.NaN) - changedAt).toBeLessThanOrEqual(SEEN_WITHIN_MS);
      // At every place between two answers.
      await vi.advanceTimersByTimeAsync(37);
    }
    page.stop();
  },
);

test("where answers are prompt no more is asked than one question in a second", async () => {
  const page = watch(() => PROMPT_ANSWER_MS);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(page.asked()).toBeLessThan(60);
  page.stop();
});

test("where every answer is slow it is asked seldom, and soon again when they are prompt", async () => {
  let took = 2 * PROMPT_ANSWER_MS;
  const page = watch(() => took);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(page.asked()).toBeLessThan(12);
  took = 10;
  await vi.advanceTimersByTimeAsync(10_000);
  const before = page.asked();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(page.asked() - before).toBeGreaterThanOrEqual(6);
  page.stop();
});

test("one slow answer among prompt ones changes nothing", async () => {
  const page = watch((asked) => (asked === 5 ? 3 * PROMPT_ANSWER_MS : 10));
  await vi.advanceTimersByTimeAsync(30_000);
  expect(page.asked()).toBeGreaterThanOrEqual(18);
  page.stop();
});

test("what no longer changes is not asked for again", async () => {
  const client = new QueryClient();
  let asked = 0;
  const query = live({ queryKey: ["ended"], queryFn: async () => ++asked, isLive: () => false });
  const stop = new QueryObserver(client, query).subscribe(() => {});
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toBe(1);
  stop();
  client.clear();
});

test("a service that does not answer is asked every second, also for what was never there", async () => {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  let asked = 0;
  const queryFn = async (): Promise<number> => {
    asked++;
    throw new Unreachable();
  };
  const stop = new QueryObserver(client, live({ queryKey: ["gone"], queryFn })).subscribe(() => {});
  await vi.advanceTimersByTimeAsync(10_500);
  expect(asked).toBe(11);
  stop();
  client.clear();
});

test("the pause is never longer than while answers cost nothing, nor shorter than a second where they are prompt", () => {
  expect(livePause(0)).toBe(LIVE_MS);
  expect(livePause(PROMPT_ANSWER_MS)).toBeGreaterThanOrEqual(900);
});
