/** Which rows of a table are chosen: one by one, a range with Shift, or all that are loaded. */
import { useCallback, useEffect, useRef } from "react";
import type { Rows } from "./data-table.tsx";

interface Selected<Item> {
  readonly items: Rows<Item>;
  keyOf(item: Item): string;
  readonly selected: ReadonlySet<string> | undefined;
  readonly onSelect: ((selected: ReadonlySet<string>) => void) | undefined;
}

export interface Selecting {
  /** Turns a row's choice; with a range, chooses all from the one pressed last. */
  press(index: number, isRange: boolean): void;
  toggleAll(): void;
  clear(): void;
}

export function useSelecting<Item>(current: Selected<Item>): Selecting {
  const latest = useRef(current);
  useEffect(() => {
    latest.current = current;
  });
  const last = useRef(0);
  const keysBetween = useCallback((from: number, to: number): string[] => {
    const { items, keyOf } = latest.current;
    const keys: string[] = [];
    for (let index = from; index <= to; index++) {
      const item = items.at(index);
      if (item !== undefined) keys.push(keyOf(item));
    }
    return keys;
  }, []);
  const press = useCallback(
    (index: number, isRange: boolean) => {
      const { selected = new Set(), onSelect } = latest.current;
      if (isRange) {
        const keys = keysBetween(Math.min(last.current, index), Math.max(last.current, index));
        onSelect?.(new Set([...selected, ...keys]));
        return;
      }
      last.current = index;
      const [key] = keysBetween(index, index);
      if (key === undefined) return;
      const chosen = new Set(selected);
      if (!chosen.delete(key)) chosen.add(key);
      onSelect?.(chosen);
    },
    [keysBetween],
  );
  const toggleAll = useCallback(() => {
    const { items, selected, onSelect } = latest.current;
    const all = keysBetween(0, items.length - 1);
    onSelect?.(new Set((selected?.size ?? 0) < all.length ? all : []));
  }, [keysBetween]);
  const clear = useCallback(() => latest.current.onSelect?.(new Set()), []);
  return { press, toggleAll, clear };
}

interface BoxProps {
  readonly label: string;
  readonly isChosen: boolean;
  /** Some of what it stands for is chosen. */
  readonly isSome?: boolean;
  onToggle(isRange: boolean): void;
}

export function SelectionBox({ label, isChosen, isSome = false, onToggle }: BoxProps) {
  return (
    <input
      type="checkbox"
      className="selection-box"
      aria-label={label}
      checked={isChosen}
      ref={(box) => {
        if (box) box.indeterminate = isSome && !isChosen;
      }}
      onChange={({ nativeEvent }) => onToggle((nativeEvent as MouseEvent).shiftKey === true)}
    />
  );
}
