/** What each key does in a grid: the arrows lead from row to row and into a row, to whatever can be done there. */
import type { KeyboardEvent, RefObject } from "react";
import type { Selecting } from "./selecting.tsx";

interface Step {
  readonly event: KeyboardEvent;
  readonly grid: HTMLElement;
  /** Where the focus is; undefined in the headings. */
  readonly row: HTMLElement | undefined;
  /** -1 in the headings. */
  readonly index: number;
  readonly length: number;
  /** @param stop one of what stands in the row; -1 for the row itself */
  go(index: number, stop: number): void;
  readonly select: Selecting;
}

/** Whether the key did something. */
type Stepping = (step: Step) => boolean;

const CONTROLS = "a[href], button, input, select, textarea";

/** What a row leads to: each cell's controls, and cells without any. */
export function stopsOf(row: HTMLElement): HTMLElement[] {
  const cells = [...row.querySelectorAll<HTMLElement>("[role=gridcell], [role=rowheader]")];
  return cells.flatMap((cell) => {
    const controls = [...cell.querySelectorAll<HTMLElement>(CONTROLS)];
    return controls.length > 0 ? controls : [cell];
  });
}

const focused = (row: HTMLElement): number => stopsOf(row).indexOf(document.activeElement as HTMLElement);

const toRow =
  (target: (step: Step) => number): Stepping =>
  (step) => {
    const { row, length, grid, event, index, select, go } = step;
    if (event.altKey || event.ctrlKey || event.metaKey) return false;
    const wanted = target(step);
    const headings = grid.querySelector<HTMLElement>("[role=columnheader] input");
    if (wanted < 0 && headings && index === 0) {
      headings.focus();
      return true;
    }
    const reached = Math.max(0, Math.min(length - 1, wanted));
    if (event.shiftKey && reached !== index) select.press(reached, true);
    go(reached, row ? focused(row) : -1);
    return true;
  };

const inRow =
  (by: 1 | -1): Stepping =>
  ({ row, event }) => {
    if (row === undefined || event.altKey || event.ctrlKey || event.metaKey) return false;
    const stops = stopsOf(row);
    const at = focused(row) + by;
    const target = at < 0 ? row : stops[at];
    target?.focus();
    return true;
  };

/** Without the headings, and with one row left from before. */
const rowsInSight = ({ grid, row }: Step): number =>
  Math.max(1, Math.floor(grid.clientHeight / (row?.clientHeight || grid.clientHeight)) - 2);

const isOn = ({ event, row }: Step): boolean =>
  event.target === row || (event.target as Element).matches("[role=gridcell], [role=rowheader]");

const STEPS: Readonly<Record<string, Stepping>> = {
  ArrowDown: toRow(({ index }) => index + 1),
  ArrowUp: toRow(({ index }) => index - 1),
  PageDown: toRow((step) => step.index + rowsInSight(step)),
  PageUp: toRow((step) => Math.max(0, step.index - rowsInSight(step))),
  Home: toRow(() => 0),
  End: toRow(({ length }) => length - 1),
  ArrowRight: inRow(1),
  ArrowLeft: inRow(-1),
  " ": (step) => {
    if (!isOn(step)) return false;
    step.select.press(step.index, step.event.shiftKey);
    return true;
  },
  Enter: (step) => {
    const link = step.row?.querySelector<HTMLElement>("a[href]");
    if (!isOn(step) || !link) return false;
    link.click();
    return true;
  },
  a: ({ event, select }) => {
    if (!event.ctrlKey && !event.metaKey) return false;
    select.toggleAll();
    return true;
  },
  Escape: ({ select, event }) => {
    if ((event.target as Element).matches("input:not([type=checkbox])")) return false;
    select.clear();
    return false;
  },
  // The whole grid is one stop: from its end, or its beginning, the browser goes on by itself.
  Tab: ({ grid, event, row }) => {
    if (event.shiftKey && row) grid.focus({ preventScroll: true });
    else if (!event.shiftKey && row) (grid.nextElementSibling as HTMLElement).focus({ preventScroll: true });
    return false;
  },
};

interface Keys {
  readonly grid: RefObject<HTMLElement | null>;
  readonly length: number;
  go(index: number, stop: number): void;
  readonly selecting: Selecting;
}

/** The listener of the grid's keys. */
export const gridKeys =
  ({ grid, length, go, selecting }: Keys) =>
  (event: KeyboardEvent): void => {
    if (grid.current === null) return;
    const row = (event.target as Element).closest<HTMLElement>("[data-index]") ?? undefined;
    const index = row ? Number(row.dataset.index) : -1;
    const step = { event, grid: grid.current, row, index, length, go, select: selecting };
    if (STEPS[event.key]?.(step)) event.preventDefault();
  };
