/**
 * A list of any length, handed out page by page, of which only the pages in sight are kept and looked at again: what it costs does not
 * grow with how far one has scrolled.
 */
import { useQueries, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Page } from "../../api/batch.ts";
import { live } from "../../queries.ts";
import type { Rows } from "./data-table.tsx";
import { NO_PAGES, offsetsOf, type PagePlaces, pageOf, pagesBetween, withPage } from "./page-places.ts";

/** Milliseconds for which a page that is out of sight is kept. */
const KEPT_MS = 10_000;
/** Rows from the end of what was seen, from which on more is asked for. */
const AHEAD = 60;

interface Asked<Item> {
  readonly key: readonly unknown[];
  fetch(next: string | undefined): Promise<Page<Item>>;
}

export function usePageWindow<Item>({ key, fetch }: Asked<Item>) {
  const queries = useQueryClient();
  const name = JSON.stringify(key);
  const [state, setState] = useState<{ name: string; places: PagePlaces }>({ name, places: NO_PAGES });
  const [[from, to], setShown] = useState<readonly [number, number]>([0, 0]);
  const before = useRef<{ name: string; rows: Map<number, readonly Item[]> }>({ name, rows: new Map() });
  if (before.current.name !== name) before.current = { name, rows: new Map() };
  const places = state.name === name ? state.places : NO_PAGES;
  const offsets = useMemo(() => offsetsOf(places), [places]);
  const total = offsets.at(-1) ?? 0;
  const inSight = pagesBetween(places, offsets, Math.min(from, Math.max(0, total - 1)), to + AHEAD);
  const keyOf = (page: number) => [...key, "page", places.starts[page] ?? ""];
  const pages = useQueries({
    queries: inSight.map((page) => ({
      ...live({ queryKey: keyOf(page), queryFn: () => fetch(places.starts[page]) }),
      gcTime: KEPT_MS,
    })),
  });
  useEffect(() => {
    let learnt = places;
    for (const [index, page] of inSight.entries()) {
      const seen = pages[index]?.data;
      // Behind a page whose end moved, others are in sight now.
      if (seen === undefined || learnt.starts[page] !== places.starts[page]) break;
      before.current.rows.set(page, seen.value);
      learnt = withPage(learnt, page, seen.value.length, seen.next);
    }
    for (const page of before.current.rows.keys())
      if (!inSight.includes(page)) before.current.rows.delete(page);
    if (learnt !== places) setState({ name, places: learnt });
  });
  const rowsOf = (page: number): readonly Item[] | undefined => {
    const index = inSight.indexOf(page);
    const seen = index < 0 ? queries.getQueryData<Page<Item>>(keyOf(page)) : pages[index]?.data;
    return (seen ?? { value: before.current.rows.get(page) }).value;
  };
  const items: Rows<Item> = {
    length: total,
    at: (row) => {
      const page = pageOf(offsets, row);
      return rowsOf(page)?.[row - (offsets[page] ?? 0)];
    },
  };
  return {
    items,
    error: pages.find(({ error }) => error !== null)?.error ?? null,
    hasMore: places.starts.length > places.lengths.length,
    /** Nothing was found yet, and there may be something. */
    isPending: total === 0 && places.starts.length > places.lengths.length,
    show: (first: number, end: number) => {
      if (first !== from || end !== to) setShown([first, end]);
    },
    refetch: () => queries.invalidateQueries({ queryKey: key }),
  };
}
