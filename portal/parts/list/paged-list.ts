/** A list that the service hands out page by page: more is fetched as the reader comes to its end; what is new appears without reload. */
import { type InfiniteData, useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import type { Page } from "../../api/batch.ts";
import { liveInterval, timed } from "../../queries.ts";

/** So many pages are looked at again at the most while the list is live; who has read on further sees those as they were. */
const LIVE_PAGES_MAX = 1;

interface Asked<Item> {
  readonly key: readonly unknown[];
  fetch(next: string | undefined): Promise<Page<Item>>;
  /** Whether it is looked at again and again. */
  readonly isLive?: boolean;
}

export function usePagedList<Item>({ key, fetch, isLive = false }: Asked<Item>) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: timed<Page<Item>, readonly unknown[], string | undefined>(({ pageParam }) => fetch(pageParam)),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: Page<Item>) => last.next,
    placeholderData: (before: InfiniteData<Page<Item>, string | undefined> | undefined) => before,
    ...(isLive && {
      refetchInterval: (query) =>
        (query.state.data?.pages.length ?? 0) <= LIVE_PAGES_MAX ? liveInterval(query) : false,
    }),
  });
  const { data, hasNextPage, isFetching, fetchNextPage } = query;
  const items = useMemo(() => data?.pages.flatMap(({ value }) => value) ?? [], [data]);
  // Where a filter holds for few of many, the first pages are empty: what it holds for is still to come.
  const isSought = items.length === 0 && hasNextPage;
  useEffect(() => {
    if (isSought && !isFetching) void fetchNextPage();
  }, [isSought, isFetching, fetchNextPage]);
  return {
    items,
    error: query.error,
    isPending: query.isPending || isSought,
    hasMore: hasNextPage,
    more: () => {
      if (hasNextPage && !isFetching) void fetchNextPage();
    },
    refetch: query.refetch,
  };
}
