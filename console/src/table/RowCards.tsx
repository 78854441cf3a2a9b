import { Anchor, Checkbox } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";
import { Link } from "../ui/Link.tsx";
import classes from "./DataTable.module.css";
import { type RowsProps, toggled } from "./VirtualRows.tsx";

/** The same rows on a narrow screen: a card each, the first column as its head. */
export function RowCards<Row>(props: RowsProps<Row>) {
  const { label, columns, rows, rowKey, rowHref, selected, setSelected, onEnd, onOpen } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 44 + columns.length * 28,
    getItemKey: (index) => (rows[index] === undefined ? index : rowKey(rows[index])),
    overscan: 6,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - 20) onEnd();
  }, [last, rows.length, onEnd]);
  const [head, ...others] = columns;

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <section ref={scroller} className={classes.cards} tabIndex={0} aria-label={label}>
      <ul className={classes.cardList} style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index] as Row;
          const id = rowKey(row);
          return (
            <li
              key={id}
              ref={virtual.measureElement}
              data-index={item.index}
              className={classes.card}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <div className={classes.cardHead}>
                {props.bulk !== undefined && (
                  <Checkbox
                    aria-label="Tick"
                    checked={selected.has(id)}
                    onChange={() => setSelected(toggled(selected, id))}
                  />
                )}
                {rowHref === undefined ? (
                  <CardHead onOpen={onOpen && (() => onOpen(row))}>{head?.cell(row)}</CardHead>
                ) : (
                  <Link to={rowHref(row)} fw={600} className="wrap-anywhere">
                    {head?.cell(row)}
                  </Link>
                )}
              </div>
              <dl className={classes.facts}>
                {others.map((column) => (
                  <div key={column.id}>
                    <dt>{column.header}</dt>
                    <dd>{column.cell(row)}</dd>
                  </div>
                ))}
              </dl>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function CardHead({ onOpen, children }: { readonly onOpen: (() => void) | undefined; readonly children: ReactNode }) {
  if (onOpen === undefined) return <strong>{children}</strong>;
  return (
    <Anchor component="button" type="button" onClick={onOpen} fw={600} ta="start" className="wrap-anywhere">
      {children}
    </Anchor>
  );
}
