import { Checkbox } from "@mantine/core";
import { IconArrowDown, IconArrowsSort, IconArrowUp } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { useGo } from "../ui/Link.tsx";
import type { Column } from "./column.ts";
import classes from "./DataTable.module.css";
import { useRowKeys } from "./use-row-keys.ts";

const rowHeight = 48;

export type RowsProps<Row> = {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly rowHref?: (row: Row) => string;
  readonly onOpen?: (row: Row) => void;
  readonly bulk?: unknown;
  readonly selected: ReadonlySet<string>;
  readonly setSelected: (selected: ReadonlySet<string>) => void;
  /** The last rows are near: more are wanted. */
  readonly onEnd: () => void;
  readonly maxHeight?: string | undefined;
};

type Props<Row> = RowsProps<Row> & {
  readonly total: number;
  readonly sort: string | undefined;
  readonly onSort: (sort: string | undefined) => void;
};

/** Only the rows in sight are in the page. The arrow keys move between rows, Enter opens, Space ticks. */
export function VirtualRows<Row>(props: Props<Row>) {
  const { label, columns, rows, rowKey, rowHref, selected, setSelected, onEnd, total, sort, onSort } = props;
  const ticking = props.bulk !== undefined;
  const scroller = useRef<HTMLDivElement>(null);
  const go = useGo();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => (rows[index] === undefined ? index : rowKey(rows[index])),
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - 30) onEnd();
  }, [last, rows.length, onEnd]);

  const open = (row: Row | undefined) => {
    if (row === undefined) return;
    if (rowHref !== undefined) go(rowHref(row));
    else props.onOpen?.(row);
  };
  const tick = (row: Row | undefined) => {
    if (row !== undefined && ticking) setSelected(toggled(selected, rowKey(row)));
  };
  const keys = useRowKeys({
    count: rows.length,
    scrollTo: (index) => virtual.scrollToIndex(index, { align: "auto" }),
    container: scroller,
    onOpen: (index) => open(rows[index]),
    onTick: (index) => tick(rows[index]),
  });
  const template = [
    ...(ticking ? ["44px"] : []),
    ...columns.map(({ width = 140, grow = 1 }) => (grow === 0 ? `${width}px` : `minmax(${width}px, ${grow}fr)`)),
  ].join(" ");
  const allTicked = rows.length > 0 && rows.every((row) => selected.has(rowKey(row)));

  return (
    <div
      ref={scroller}
      className={classes.scroller}
      style={{ maxHeight: props.maxHeight ?? "max(360px, calc(100dvh - 250px))" }}
    >
      <table
        aria-label={label}
        aria-rowcount={total + 1}
        aria-colcount={columns.length + (ticking ? 1 : 0)}
        className={classes.grid}
      >
        <thead className={classes.headRows}>
          <tr aria-rowindex={1} className={classes.head} style={{ gridTemplateColumns: template }}>
            {ticking && (
              <th scope="col" className={classes.headCell}>
                <Checkbox
                  aria-label="Tick all loaded rows"
                  checked={allTicked}
                  indeterminate={!allTicked && selected.size > 0}
                  onChange={() => setSelected(allTicked ? new Set() : new Set(rows.map(rowKey)))}
                />
              </th>
            )}
            {columns.map((column) => (
              <HeadCell key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody className={classes.body} style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index] as Row;
            const id = rowKey(row);
            return (
              <tr
                key={id}
                aria-rowindex={item.index + 2}
                aria-selected={ticking ? selected.has(id) : undefined}
                className={classes.row}
                data-link={rowHref !== undefined || props.onOpen !== undefined || undefined}
                style={{ gridTemplateColumns: template, height: rowHeight, transform: `translateY(${item.start}px)` }}
                onClick={(event) => {
                  if (!isInteractive(event.target)) open(row);
                }}
                {...keys.rowProps(item.index)}
              >
                {ticking && (
                  <td className={classes.cell}>
                    <Checkbox aria-label="Tick" tabIndex={-1} checked={selected.has(id)} onChange={() => tick(row)} />
                  </td>
                )}
                {columns.map((column) => (
                  <td key={column.id} className={classes.cell} data-align={column.align}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function HeadCell<Row>({
  column: { header, sort: name, align },
  sort,
  onSort,
}: {
  readonly column: Column<Row>;
  readonly sort: string | undefined;
  readonly onSort: (sort: string | undefined) => void;
}) {
  if (name === undefined) {
    return (
      <th scope="col" className={classes.headCell} data-align={align}>
        {header}
      </th>
    );
  }
  const order = sort === name ? "ascending" : sort === `-${name}` ? "descending" : "none";
  const Sign = order === "none" ? IconArrowsSort : order === "ascending" ? IconArrowUp : IconArrowDown;
  return (
    <th scope="col" aria-sort={order} className={classes.headCell} data-align={align}>
      <button
        type="button"
        className={classes.sort}
        data-order={order}
        onClick={() => onSort(order === "none" ? name : order === "ascending" ? `-${name}` : undefined)}
      >
        {header}
        <Sign size={14} aria-hidden />
      </button>
    </th>
  );
}

export function toggled(selected: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(selected);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** A click on a link, button or box in a row is meant for that, not for the row. */
function isInteractive(target: EventTarget): boolean {
  return target instanceof Element && target.closest("a, button, input, label, [role=menuitem]") !== null;
}
