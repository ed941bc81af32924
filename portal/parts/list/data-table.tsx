/**
 * A table of any length: only the rows in sight exist in the page, and a row costs nothing while it is out of sight. A grid for keyboard
 * and screen reader, by the ARIA Authoring Practices' pattern of that name.
 */
import { type CSSProperties, type ReactNode, useEffect } from "react";
import { gridKeys } from "./grid-keys.ts";
import { DRAWN_MAX, HEADING_HEIGHT, ROW_HEIGHT, useRowWindow } from "./row-window.ts";
import { useSelecting } from "./selecting.tsx";
import { TableHead, TableRow } from "./table-row.tsx";

export interface Column<Item> {
  readonly name: string;
  /** A share of the room there is, as in a style sheet, or pixels. */
  readonly width?: string | number;
  /** Pixels. */
  readonly minWidth?: number;
  render(item: Item): ReactNode;
}

/** What an array is, too. */
export interface Rows<Item> {
  readonly length: number;
  /** Undefined for what is still to come. */
  at(index: number): Item | undefined;
}

interface Props<Item> {
  readonly label: string;
  /** The first one names its row. */
  readonly columns: readonly Column<Item>[];
  readonly items: Rows<Item>;
  keyOf(item: Item): string;
  readonly empty: ReactNode;
  readonly selected?: ReadonlySet<string>;
  onSelect?(selected: ReadonlySet<string>): void;
  /** Called when the end of what is loaded comes into sight. */
  onEnd?(): void;
  /** Called when rows come into sight: from the first one, up to the second and without it. */
  onShow?(first: number, end: number): void;
  /** What is listed. Where it changes, the list begins at its top again. */
  readonly subject?: string;
}

/** Rows from the end, from which on more is fetched. */
const END_DISTANCE = 40;
const SELECTION_WIDTH = 40;
const NARROWEST = 110;

export function DataTable<Item extends object>(props: Props<Item>) {
  if (props.items.length === 0) return <div className="empty-table">{props.empty}</div>;
  return <Grid {...props} />;
}

function Grid<Item extends object>(props: Props<Item>) {
  const { label, columns, items, keyOf, selected, onSelect, onEnd, onShow, subject } = props;
  const length = Math.min(items.length, DRAWN_MAX);
  const { grid, first, end, active, drawn, ...rows } = useRowWindow(length, subject);
  const selecting = useSelecting({ items, keyOf, selected, onSelect });
  const onKeyDown = gridKeys({ grid, length, go: rows.go, selecting });
  useEffect(() => {
    onShow?.(first, end);
    if (end + END_DISTANCE >= items.length) onEnd?.();
  });
  const canSelect = onSelect !== undefined;
  return (
    <>
      <div
        ref={grid}
        role="grid"
        aria-label={label}
        aria-rowcount={items.length + 1}
        aria-multiselectable={canSelect}
        className="data-table"
        tabIndex={-1}
        style={styleOf(columns, length, canSelect)}
        onScroll={rows.onScroll}
        onFocus={rows.onFocus}
        onBlur={rows.onBlur}
        onKeyDown={onKeyDown}
      >
        <TableHead
          columns={columns}
          isAllChosen={selected?.size === items.length}
          isSomeChosen={(selected?.size ?? 0) > 0}
          onToggleAll={canSelect ? selecting.toggleAll : undefined}
        />
        <div role="rowgroup" className="table-body" style={{ height: `${length * ROW_HEIGHT}px` }}>
          {drawn.map((index) => {
            const item = items.at(index);
            const key = item && keyOf(item);
            return (
              <TableRow
                key={key ?? index}
                index={index}
                rowKey={key}
                item={item}
                columns={columns as readonly Column<object>[]}
                isStop={index === active}
                isSelected={key !== undefined && selected?.has(key) === true}
                onPress={canSelect ? selecting.press : undefined}
              />
            );
          })}
        </div>
      </div>
      <span className="table-end" tabIndex={-1} />
    </>
  );
}

function styleOf<Item>(columns: readonly Column<Item>[], length: number, canSelect: boolean): CSSProperties {
  const template = columns.map(({ width = "1fr", minWidth = NARROWEST }) =>
    typeof width === "number" ? `${width}px` : `minmax(${minWidth}px, ${width})`,
  );
  const narrowest = columns.reduce(
    (sum, { width, minWidth = NARROWEST }) => sum + (typeof width === "number" ? width : minWidth),
    canSelect ? SELECTION_WIDTH : 0,
  );
  return {
    height: `min(${HEADING_HEIGHT + length * ROW_HEIGHT + 2}px, var(--table-height))`,
    "--columns": [...(canSelect ? [`${SELECTION_WIDTH}px`] : []), ...template].join(" "),
    "--narrowest": `${narrowest}px`,
  } as CSSProperties;
}
