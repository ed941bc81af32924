/** One row of a table, and its headings. A row is drawn again only when something of it changes. */
import { memo } from "react";
import type { Column } from "./data-table.tsx";
import { ROW_HEIGHT } from "./row-window.ts";
import { SelectionBox } from "./selecting.tsx";

interface HeadProps {
  readonly columns: readonly { readonly name: string }[];
  readonly isAllChosen: boolean;
  readonly isSomeChosen: boolean;
  /** Undefined where nothing can be chosen. */
  readonly onToggleAll: (() => void) | undefined;
}

export function TableHead({ columns, isAllChosen, isSomeChosen, onToggleAll }: HeadProps) {
  return (
    <div role="rowgroup" className="table-head">
      <div role="row" className="table-row" aria-rowindex={1}>
        {onToggleAll && (
          <div role="columnheader" className="column-heading selection-cell">
            <SelectionBox
              label="Select all"
              isChosen={isAllChosen}
              isSome={isSomeChosen}
              onToggle={onToggleAll}
            />
          </div>
        )}
        {columns.map(({ name }) => (
          <div key={name} role="columnheader" className="column-heading">
            {name}
          </div>
        ))}
      </div>
    </div>
  );
}

interface RowProps {
  readonly index: number;
  readonly rowKey: string | undefined;
  /** Undefined while it is to come. */
  readonly item: object | undefined;
  readonly columns: readonly Column<object>[];
  /** The Tab key leads to it. */
  readonly isStop: boolean;
  readonly isSelected: boolean;
  /** Undefined where nothing can be chosen. */
  readonly onPress: ((index: number, isRange: boolean) => void) | undefined;
}

export const TableRow = memo(({ index, rowKey, item, columns, isStop, isSelected, onPress }: RowProps) => (
  <div
    role="row"
    className="table-row row"
    data-index={index}
    data-selected={isSelected || undefined}
    aria-rowindex={index + 2}
    {...(onPress && { "aria-selected": isSelected })}
    aria-busy={item === undefined}
    tabIndex={isStop ? 0 : -1}
    style={{ top: `${index * ROW_HEIGHT}px` }}
    onClick={({ target, shiftKey }) => {
      const isOther = (target as Element).closest("a, button, input, label") !== null;
      if (!isOther && getSelection()?.isCollapsed !== false) onPress?.(index, shiftKey);
    }}
  >
    {onPress && (
      <div role="gridcell" className="cell selection-cell">
        <SelectionBox
          label={`Select ${rowKey ?? ""}`}
          isChosen={isSelected}
          onToggle={(isRange) => onPress(index, isRange)}
        />
      </div>
    )}
    {columns.map(({ name, render }, column) => (
      <div key={name} role={column === 0 ? "rowheader" : "gridcell"} className="cell" tabIndex={-1}>
        {item !== undefined && render(item)}
      </div>
    ))}
  </div>
));
