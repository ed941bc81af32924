/** Which rows of a table are drawn: those in sight and some around them, and the one that has the focus. */
import { type FocusEvent, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import { flushSync } from "react-dom";
import { stopsOf } from "./grid-keys.ts";

/** Pixels, as the style sheet has them. */
export const ROW_HEIGHT = 36;
export const HEADING_HEIGHT = 34;
/** Browsers draw nothing behind some 33 million pixels. */
export const DRAWN_MAX = 900_000;
/** The rows that are drawn change at every so many. */
const STEP = 8;

/** @param subject what is listed: where it changes, the list begins at its top again */
export function useRowWindow(length: number, subject: string | undefined) {
  const grid = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [focused, setFocused] = useState(0);
  const [hasFocus, setHasFocus] = useState(false);
  const inSight = useRowsInSight();
  const first = Math.max(0, Math.min(top, length - inSight) - STEP);
  const end = Math.min(length, top + inSight + STEP);
  const onScroll = () => setTop(stepOf(grid.current?.scrollTop ?? 0));

  const before = useRef(subject);
  useLayoutEffect(() => {
    if (before.current === subject) return;
    before.current = subject;
    if (grid.current) grid.current.scrollTop = 0;
    setTop(0);
    setFocused(0);
  }, [subject]);

  /** Brings a row into sight and the focus to it, or to one of what stands in it. */
  const go = (index: number, stop: number) => {
    const scroller = grid.current;
    if (scroller === null) return;
    const above = index * ROW_HEIGHT;
    const below = above + ROW_HEIGHT + HEADING_HEIGHT + 2;
    if (above < scroller.scrollTop) scroller.scrollTop = above;
    else if (below > scroller.scrollTop + scroller.clientHeight)
      scroller.scrollTop = below - scroller.clientHeight;
    flushSync(() => {
      setFocused(index);
      onScroll();
    });
    const row = scroller.querySelector<HTMLElement>(`[data-index="${index}"]`);
    if (row) (stopsOf(row)[stop] ?? row).focus({ preventScroll: true });
  };

  const isDrawn = focused >= first && focused < end;
  const drawn = Array.from({ length: end - first }, (_, index) => first + index);
  if (hasFocus && !isDrawn && focused < length) drawn.push(focused);
  return {
    grid,
    first,
    end,
    drawn,
    /** The one that the Tab key leads to. */
    active: isDrawn || hasFocus ? focused : first,
    go,
    onScroll,
    onFocus: ({ target }: FocusEvent) => {
      const row = target.closest<HTMLElement>("[data-index]");
      if (row) setFocused(Number(row.dataset.index));
      setHasFocus(true);
    },
    onBlur: ({ currentTarget, relatedTarget }: FocusEvent) =>
      setHasFocus(currentTarget.contains(relatedTarget)),
  };
}

const stepOf = (scrollTop: number): number => Math.floor(scrollTop / ROW_HEIGHT / STEP) * STEP;

/** So many at the most: no table is higher than the window. */
function useRowsInSight(): number {
  const height = useSyncExternalStore(onResize, () => window.innerHeight);
  return Math.ceil(height / ROW_HEIGHT) + STEP;
}

function onResize(listener: () => void): () => void {
  window.addEventListener("resize", listener);
  return () => window.removeEventListener("resize", listener);
}
