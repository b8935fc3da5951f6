import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

/** A long list, of which more is read on demand. */
export interface Pages<T> {
  readonly items: readonly T[];
  readonly isLoading: boolean;
  readonly isComplete: boolean;
  readonly failure: unknown;
  /** Changes with each reload. */
  readonly round: number;
  /** True until the first batch of the round has arrived. The items of before are shown meanwhile. */
  readonly isStale: boolean;
  readonly loadMore: () => void;
  readonly reload: () => void;
  /** Changes what has been read so far. */
  readonly update: (change: (items: readonly T[]) => readonly T[]) => void;
}

interface State<T> extends Pick<Pages<T>, 'items' | 'isLoading' | 'isComplete' | 'failure'> {
  readonly key: string;
  /** The round whose first batch has arrived. */
  readonly round: number;
}

const NOTHING = { round: -1, items: [], isLoading: true, isComplete: false, failure: undefined } as const;

/** The most that is read before the list is rendered again. */
const MAX_BATCH = 1000;

/** Reads a list of the client in batches, which grow with the list. Begins anew if the key changes. */
export function usePages<T>(
  list: (signal: AbortSignal) => AsyncGenerator<T, void>,
  key: string,
  batch = 100,
): Pages<T> {
  const [state, setState] = useState<State<T>>({ ...NOTHING, key });
  const [round, setRound] = useState(0);
  const latest = useRef(list);
  latest.current = list;
  const more = useRef<() => void>(() => undefined);
  useEffect(() => {
    const ended = new AbortController();
    const source = latest.current(ended.signal);
    let isBusy = false;
    let count = 0;
    const read = async (): Promise<void> => {
      if (isBusy) return;
      isBusy = true;
      setState((old) => ({ ...old, isLoading: true, failure: undefined }));
      try {
        const { items, isComplete } = await take(source, Math.min(MAX_BATCH, Math.max(batch, count)));
        if (ended.signal.aborted) return;
        const isFirst = count === 0;
        count += items.length;
        setState((old) => ({
          key,
          round,
          items: isFirst ? items : [...old.items, ...items],
          isLoading: false,
          isComplete,
          failure: undefined,
        }));
      } catch (failure) {
        if (ended.signal.aborted) return;
        setState((old) => ({ ...old, round, isLoading: false, isComplete: true, failure }));
      } finally {
        isBusy = false;
      }
    };
    // A reload shows the old items until the new ones are there.
    setState((old) => (old.key === key ? old : { ...NOTHING, key }));
    more.current = () => void read();
    void read();
    return () => ended.abort();
  }, [key, round, batch]);
  const loadMore = useCallback(() => more.current(), []);
  const reload = useCallback(() => setRound((old) => old + 1), []);
  const update = useCallback((change: (items: readonly T[]) => readonly T[]) => {
    setState((old) => ({ ...old, items: change(old.items) }));
  }, []);
  // Until the effect has run, the state is still that of the key before.
  const current = state.key === key ? state : NOTHING;
  return { ...current, isStale: current.round !== round, round, loadMore, reload, update };
}

/** Reads up to so many items of a list. */
export async function take<T>(
  source: AsyncGenerator<T, void>,
  count: number,
): Promise<{ items: T[]; isComplete: boolean }> {
  const items: T[] = [];
  while (items.length < count) {
    const { value, done } = await source.next();
    if (done === true) return { items, isComplete: true };
    items.push(value);
  }
  return { items, isComplete: false };
}
