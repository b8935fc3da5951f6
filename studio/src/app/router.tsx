import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** The path under which the service serves Studio. */
const BASE = '/studio';
const CHANGED = 'studio:navigated';

/** A place in Studio: the parts of the path below `/studio`, and its query. */
export interface Place {
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
}

/** Returns the URL of a page of Studio. */
export function urlOf(parts: readonly string[], query: Readonly<Record<string, string | undefined>> = {}): string {
  const path = [BASE, ...parts.map(encodeURIComponent)].join('/');
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, value]],
  );
  const search = new URLSearchParams(given).toString();
  return search === '' ? path : `${path}?${search}`;
}

/** Opens a page of Studio without loading it anew. */
export function navigate(url: string, options: { readonly replace?: boolean } = {}): void {
  if (options.replace === true) history.replaceState(null, '', url);
  else history.pushState(null, '', url);
  window.dispatchEvent(new Event(CHANGED));
}

/** The present place; renders again if it changes. */
export function usePlace(): Place {
  const [url, setUrl] = useState(() => location.href);
  // Not after the first paint: a link may be pressed before.
  useLayoutEffect(() => {
    const update = () => setUrl(location.href);
    window.addEventListener('popstate', update);
    window.addEventListener(CHANGED, update);
    return () => {
      window.removeEventListener('popstate', update);
      window.removeEventListener(CHANGED, update);
    };
  }, []);
  return placeOf(url);
}

function placeOf(url: string): Place {
  const { pathname, searchParams } = new URL(url);
  const parts = pathname
    .slice(BASE.length)
    .split('/')
    .filter((part) => part !== '');
  return { parts: parts.map(decoded), query: searchParams };
}

/** A path that is typed by hand may not be decodable. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

interface LinkProps {
  readonly to: string;
  readonly class?: string;
  readonly label?: string;
  /** Whether the link leads to the place that is shown. */
  readonly isCurrent?: boolean;
  readonly onOpen?: () => void;
  readonly children: ComponentChildren;
}

/** A link to a page of Studio. Modified clicks open a tab as usual. */
export function Link({ to, class: name, label, isCurrent = false, onOpen, children }: LinkProps) {
  return (
    <a
      href={to}
      class={name}
      aria-label={label}
      aria-current={isCurrent ? 'page' : undefined}
      onClick={(event) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        onOpen?.();
        navigate(to);
      }}
    >
      {children}
    </a>
  );
}
