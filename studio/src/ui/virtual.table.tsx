import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

/** Rows that are rendered before and after those in view. */
const OVERSCAN = 8;
/** Rows before the end at which more are requested. */
const AHEAD = 40;

/** A column of a table: its title and the content of its cells. */
export interface Column<T> {
  readonly title: string;
  readonly cell: (item: T) => ComponentChildren;
  /** The width as in `grid-template-columns`. */
  readonly width: string;
  /** Whether a narrow screen leaves it out. */
  readonly isExtra?: boolean;
}

interface VirtualTableProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  readonly onEnd?: (() => void) | undefined;
  /** Called with the indexes of the rows in view; the last one is not included. */
  readonly onView?: ((first: number, last: number) => void) | undefined;
}

const ROW_PX = 40;

/** A table of any length: only the rows in view are in the page. */
export function VirtualTable<T>({ label, columns, items, keyOf, onEnd, onView }: VirtualTableProps<T>) {
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const measure = () => setView({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);
  const first = Math.max(0, Math.floor(view.top / ROW_PX) - OVERSCAN);
  const last = Math.min(items.length, Math.ceil((view.top + view.height) / ROW_PX) + OVERSCAN);
  const isNearEnd = last + AHEAD >= items.length;
  useEffect(() => {
    if (isNearEnd) onEnd?.();
  }, [isNearEnd, onEnd, items.length]);
  useEffect(() => onView?.(first, last), [first, last, onView]);
  const template = { '--columns': columns.map(({ width }) => width).join(' ') };
  const narrow = {
    '--columns-narrow': columns
      .filter((each) => each.isExtra !== true)
      .map(({ width }) => width)
      .join(' '),
  };
  const cellClass = (column: Column<T>) => (column.isExtra === true ? 'cell cell-extra' : 'cell');
  return (
    <div
      class="table"
      role="table"
      aria-label={label}
      aria-rowcount={items.length + 1}
      style={{ ...template, ...narrow }}
    >
      <div role="rowgroup">
        <div class="row row-head" role="row" aria-rowindex={1}>
          {columns.map((column) => (
            <span key={column.title} class={cellClass(column)} role="columnheader">
              {column.title}
            </span>
          ))}
        </div>
      </div>
      <div class="table-body" ref={scroller} role="rowgroup" tabIndex={0} aria-label={label}>
        <div class="table-space" style={{ height: `${items.length * ROW_PX}px` }} role="presentation">
          {items.slice(first, last).map((item, index) => (
            <div
              key={keyOf(item)}
              class="row"
              role="row"
              aria-rowindex={first + index + 2}
              style={{ transform: `translateY(${(first + index) * ROW_PX}px)` }}
            >
              {columns.map((column) => (
                <span key={column.title} class={cellClass(column)} role="cell">
                  {column.cell(item)}
                </span>
              ))}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
