/**
 * How what was asked is kept and asked again. A refusal stands until something changes; a service that does not answer is asked again
 * every second, and the page goes on by itself; nothing is asked while the tab is hidden.
 */
import { type Query, QueryClient, type QueryFunction, type QueryKey } from "@tanstack/react-query";
import { Unreachable } from "./api/service-request.ts";
import { noticingMutations } from "./parts/notices.ts";

const AGAIN_MS = 1_000;

/** What changed is on the screen within so many milliseconds, where an answer takes at most a quarter of that. */
export const SEEN_WITHIN_MS = 2_000;
export const PROMPT_ANSWER_MS = SEEN_WITHIN_MS / 4;
/** For the page to be drawn anew. */
const DRAWING_MS = 50;
/** Between an answer and the next look at it: the least and the most while answers are prompt, and where they are not. */
export const LIVE_MS = 1_500;
const SLOWLY_MS = 5_000;

/**
 * Milliseconds between an answer and the next question. What changes right after an answer was made waits for that answer to arrive, for this
 * pause, and for the next answer. Where answers are not prompt, a page that is left open would be most of what the service does: there it
 * asks seldom.
 *
 * @param took how long an answer takes there, in milliseconds
 */
export const livePause = (took: number): number =>
  took > PROMPT_ANSWER_MS ? SLOWLY_MS : Math.min(LIVE_MS, SEEN_WITHIN_MS - DRAWING_MS - 2 * took);

/** Milliseconds that the last two answers took, of each query that is asked again. The first answer, of pages that are being opened, is none. */
const answers = new WeakMap<object, readonly number[]>();

/** As it is, with its time kept for `liveInterval`. */
export const timed =
  <Data, Key extends QueryKey, Param = never>(
    queryFn: QueryFunction<Data, Key, Param>,
  ): QueryFunction<Data, Key, Param> =>
  async (context) => {
    const query = context.client.getQueryCache().find({ queryKey: context.queryKey, exact: true });
    const isFirst = query?.state.data === undefined;
    const startedAt = performance.now();
    const found = await queryFn(context);
    if (query !== undefined && !isFirst)
      answers.set(query, [...(answers.get(query) ?? []).slice(-1), performance.now() - startedAt]);
    return found;
  };

/** Until what is live is looked at again, in milliseconds: by the shorter of its last two answers, as one alone may be an accident. */
export function liveInterval(
  query: object & { readonly state: { readonly data: unknown; readonly error: unknown } },
) {
  if (query.state.error instanceof Unreachable) return AGAIN_MS;
  return query.state.data !== undefined && livePause(Math.min(...(answers.get(query) ?? [0])));
}

interface Live<Data> {
  readonly queryKey: QueryKey;
  readonly queryFn: QueryFunction<Data>;
  /** Whether it may still change; default yes. */
  isLive?(data: Data | undefined): boolean;
}

/** The options of a query that is asked again and again, so that what changed is soon on the screen. */
export const live = <Data>({ queryKey, queryFn, isLive = () => true }: Live<Data>) => ({
  queryKey,
  queryFn: timed(queryFn),
  refetchInterval: (query: Query<Data>) => (isLive(query.state.data) ? liveInterval(query) : false),
});

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
