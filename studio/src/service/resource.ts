import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

/** A value of the service, and how far its loading is. */
export interface Resource<T> {
  readonly value: T | undefined;
  readonly failure: unknown;
  readonly isLoading: boolean;
  readonly reload: () => void;
}

interface State<T> {
  readonly key: string;
  readonly value: T | undefined;
  readonly failure: unknown;
  readonly isLoading: boolean;
}

const NOTHING = { value: undefined, failure: undefined, isLoading: true } as const;

/**
 * Loads a value, and again if the key changes.
 *
 * @param pollMs loads again so often while the page is visible; undefined: never. A load that takes longer is not disturbed.
 */
export function useResource<T>(load: (signal: AbortSignal) => Promise<T>, key: string, pollMs?: number): Resource<T> {
  const [state, setState] = useState<State<T>>({ ...NOTHING, key });
  const [round, setRound] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  const isBusy = useRef(false);
  useEffect(() => {
    const ended = new AbortController();
    isBusy.current = true;
    setState((old) => (old.key === key ? { ...old, isLoading: true } : { ...NOTHING, key }));
    const settle = (change: (old: State<T>) => State<T>) => {
      if (ended.signal.aborted) return;
      isBusy.current = false;
      setState(change);
    };
    latest.current(ended.signal).then(
      (value) => settle(() => ({ key, value, failure: undefined, isLoading: false })),
      (failure: unknown) => settle((old) => ({ ...old, failure, isLoading: false })),
    );
    return () => ended.abort();
  }, [key, round]);
  const reload = useCallback(() => setRound((old) => old + 1), []);
  const poll = useCallback(() => {
    if (!isBusy.current) reload();
  }, [reload]);
  usePolling(poll, pollMs);
  // Until the effect has run, the state is still that of the key before.
  return { ...(state.key === key ? state : NOTHING), reload };
}

/** Calls a function at intervals while the page is visible, and when it becomes visible again. */
function usePolling(call: () => void, everyMs: number | undefined): void {
  useEffect(() => {
    if (everyMs === undefined) return undefined;
    const callIfVisible = () => document.visibilityState === 'visible' && call();
    const timer = setInterval(callIfVisible, everyMs);
    document.addEventListener('visibilitychange', callIfVisible);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', callIfVisible);
    };
  }, [call, everyMs]);
}

/** A change that a person has asked for. */
export interface Action {
  readonly isBusy: boolean;
  readonly failure: unknown;
  /** Runs the change; resolves with true if it succeeded. */
  readonly run: (change: () => Promise<unknown>) => Promise<boolean>;
}

export function useAction(): Action {
  const [state, setState] = useState<{ isBusy: boolean; failure: unknown }>({ isBusy: false, failure: undefined });
  const run = useCallback(async (change: () => Promise<unknown>): Promise<boolean> => {
    setState({ isBusy: true, failure: undefined });
    try {
      await change();
      setState({ isBusy: false, failure: undefined });
      return true;
    } catch (failure) {
      setState({ isBusy: false, failure });
      return false;
    }
  }, []);
  return { ...state, run };
}
