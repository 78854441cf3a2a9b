import { type KeyboardEvent, type RefObject, useRef, useState } from "react";

type Options = {
  readonly count: number;
  readonly container: RefObject<HTMLElement | null>;
  /** Brings a row into the page before it is focused. */
  readonly scrollTo: (index: number) => void;
  readonly onOpen: (index: number) => void;
  readonly onTick: (index: number) => void;
};

const pageStep = 10;

/** One row is in the tab order; the arrow keys, Page Up and Down, Home and End move to others. */
export function useRowKeys({ count, container, scrollTo, onOpen, onTick }: Options) {
  const [current, setCurrent] = useState(0);
  const wanted = useRef<number | null>(null);
  const active = Math.min(current, Math.max(0, count - 1));

  const move = (index: number) => {
    const next = Math.max(0, Math.min(count - 1, index));
    setCurrent(next);
    wanted.current = next;
    scrollTo(next);
    // The row may have to be made first; a frame later it is there.
    requestAnimationFrame(() => {
      if (wanted.current === next) {
        container.current?.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus({ preventScroll: true });
      }
    });
  };

  const onKeyDown = (index: number) => (event: KeyboardEvent<HTMLElement>) => {
    // Keys inside of a link or box of the row are for that.
    if (event.target !== event.currentTarget) return;
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      PageDown: index + pageStep,
      PageUp: index - pageStep,
      Home: 0,
      End: count - 1,
    };
    const target = moves[event.key];
    if (target !== undefined) {
      event.preventDefault();
      move(target);
    } else if (event.key === "Enter") onOpen(index);
    else if (event.key === " ") {
      event.preventDefault();
      onTick(index);
    }
  };

  return {
    rowProps: (index: number) => ({
      "data-row": index,
      tabIndex: index === active ? 0 : -1,
      onFocus: () => setCurrent(index),
      onKeyDown: onKeyDown(index),
    }),
  };
}
