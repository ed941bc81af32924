/**
 * How what was asked is kept and asked again. A refusal stands until something changes; a service that does not answer is asked again
 * every second, and the page goes on by itself; nothing is asked while the tab is hidden.
 */
import { QueryClient } from "@tanstack/react-query";
import { Unreachable } from "./api/service-request.ts";
import { noticingMutations } from "./parts/notices.ts";

/** Between two looks at what is live, in milliseconds: what changed is on the screen within two seconds. */
export const LIVE_MS = 1_500;

const AGAIN_MS = 1_000;

/** Of the time, so much at the most goes into what is looked at again and again. */
const LIVE_SHARE = 0.04;
/** One slow answer, of a service that has just started, is none of the many. */
const SLOWEST_MS = 5_000;

/**
 * Milliseconds until something is looked at again: so many that a page which is left open costs the service little, however long an answer
 * takes there.
 * @param took how long it took to get what was got last, in milliseconds
 */
export const livePace =
  <Data>(took: (data: Data) => number, liveMs = LIVE_MS) =>
  ({
    state,
  }: {
    readonly state: { readonly data: Data | undefined; readonly error: unknown };
  }): number | false => {
    if (state.error instanceof Unreachable) return AGAIN_MS;
    return state.data !== undefined && Math.min(SLOWEST_MS, Math.max(liveMs, took(state.data) / LIVE_SHARE));
  };

export const queries = new QueryClient({
  mutationCache: noticingMutations(),
  defaultOptions: {
    queries: {
      retry: false,
      refetchInterval: ({ state }) => (state.error instanceof Unreachable ? AGAIN_MS : false),
      staleTime: 5_000,
    },
    mutations: { retry: false },
  },
});
