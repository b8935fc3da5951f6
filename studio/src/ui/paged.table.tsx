import type { ComponentChildren } from 'preact';
import type { Pages } from '../service/pages';
import { Failure, Loading } from './feedback';
import { type Column, VirtualTable } from './virtual.table';

interface PagedTableProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly pages: Pages<T>;
  readonly keyOf: (item: T) => string;
  /** Stands in place of an empty table. */
  readonly empty: ComponentChildren;
  readonly onView?: ((first: number, last: number) => void) | undefined;
}

/** A long list as a table, which reads more when its end is near. */
export function PagedTable<T>({ label, columns, pages, keyOf, empty, onView }: PagedTableProps<T>) {
  const { items, isLoading, isComplete, failure, loadMore, reload } = pages;
  return (
    <>
      <Failure failure={failure} onRetry={reload} />
      {items.length > 0 && (
        <VirtualTable
          label={label}
          columns={columns}
          items={items}
          keyOf={keyOf}
          onEnd={isComplete ? undefined : loadMore}
          onView={onView}
        />
      )}
      {items.length === 0 && isLoading && <Loading what={`the ${label.toLowerCase()}`} />}
      {items.length === 0 && !isLoading && failure === undefined && empty}
    </>
  );
}

/** Reads more of a list that is short in most cases. */
export function MoreButton<T>({ pages: { items, isComplete, isLoading, loadMore } }: { readonly pages: Pages<T> }) {
  if (isComplete || items.length === 0) return null;
  return (
    <p class="pad">
      <button type="button" class="button" disabled={isLoading} onClick={loadMore}>
        Show more
      </button>
    </p>
  );
}
