/** A table of any length: only the rows in sight exist in the page. By keyboard and screen reader as any grid. */
import type { ReactNode } from "react";
import { Checkbox } from "react-aria-components/Checkbox";
import {
  Cell,
  type ColumnProps,
  Column as HeaderCell,
  Row,
  type Selection,
  Table,
  TableBody,
  TableHeader,
} from "react-aria-components/Table";
import { TableLayout, Virtualizer } from "react-aria-components/Virtualizer";

export interface Column<Item> {
  readonly name: string;
  readonly width?: ColumnProps["width"];
  readonly minWidth?: number;
  render(item: Item): ReactNode;
}

interface Props<Item> {
  readonly label: string;
  /** The first one names its row. */
  readonly columns: readonly Column<Item>[];
  readonly items: readonly Item[];
  keyOf(item: Item): string;
  readonly empty: ReactNode;
  readonly selected?: Selection;
  onSelect?(selected: Selection): void;
  /** Called when the end of what is loaded comes into sight. */
  onEnd?(): void;
}

const ROW_HEIGHT = 36;
const HEADING_HEIGHT = 34;
/** Pixels from the end, from which on more is fetched. */
const END_DISTANCE = 1_500;
const SELECTION_WIDTH = 40;
const NARROWEST = 110;

export function DataTable<Item extends object>(props: Props<Item>) {
  const { label, columns, items, keyOf, empty, selected, onSelect, onEnd } = props;
  if (items.length === 0) return <div className="empty-table">{empty}</div>;
  const height = HEADING_HEIGHT + items.length * ROW_HEIGHT + 2;
  return (
    <Virtualizer
      layout={TableLayout}
      layoutOptions={{ rowHeight: ROW_HEIGHT, headingHeight: HEADING_HEIGHT }}
    >
      <Table
        aria-label={label}
        className="data-table"
        style={{ height: `min(${height}px, var(--table-height))` }}
        selectionMode={onSelect ? "multiple" : "none"}
        {...(selected !== undefined && { selectedKeys: selected })}
        {...(onSelect && { onSelectionChange: onSelect })}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          if (scrollHeight - scrollTop - clientHeight < END_DISTANCE) onEnd?.();
        }}
      >
        <TableHeader>
          {onSelect && (
            <HeaderCell id="selection" width={SELECTION_WIDTH} minWidth={SELECTION_WIDTH}>
              <SelectionBox />
            </HeaderCell>
          )}
          {columns.map(({ name, width = "1fr", minWidth = NARROWEST }, index) => (
            <HeaderCell
              key={name}
              id={name}
              isRowHeader={index === 0}
              width={width}
              minWidth={minWidth}
              className="column-heading"
            >
              {name}
            </HeaderCell>
          ))}
        </TableHeader>
        <TableBody items={items} dependencies={[columns]}>
          {(item) => (
            <Row id={keyOf(item)} className="row">
              {onSelect && (
                <Cell>
                  <SelectionBox />
                </Cell>
              )}
              {columns.map(({ name, render }) => (
                <Cell key={name} className="cell">
                  {render(item)}
                </Cell>
              ))}
            </Row>
          )}
        </TableBody>
      </Table>
    </Virtualizer>
  );
}

function SelectionBox() {
  return (
    <Checkbox slot="selection" className="check-box">
      <span className="check-mark" aria-hidden="true" />
    </Checkbox>
  );
}
