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
