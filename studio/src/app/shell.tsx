import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Credentials } from '../service/credentials';
import { shortId } from '../ui/format';
import { Icon } from '../ui/icons';
import { NAVIGATION, type PageName, PageOf, pageOf, PAGES } from './pages';
import { Link, type Place, urlOf, usePlace } from './router';
import { ThemeButton } from './theme.button';

interface ShellProps {
  readonly credentials: Credentials | undefined;
  readonly onSignOut: () => void;
}

/** A session of Chat is not a page of its own: it gets its id while a person writes. */
function titleOf(page: PageName, { parts: [, id] }: Place): string {
  return id === undefined || page === 'chat' ? NAVIGATION[page] : `${shortId(id)} · ${NAVIGATION[page]}`;
}

/** The navigation and the present page. */
export function Shell({ credentials, onSignOut }: ShellProps) {
  const place = usePlace();
  const page = pageOf(place);
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  const title = titleOf(page, place);
  // Before the browser paints, so that a page that is visible also has the focus.
  useLayoutEffect(() => {
    document.title = `${title} · Rookery Studio`;
    if (!isFirst.current) {
      // Screen readers and the keyboard continue in the page that a link has opened.
      main.current?.focus({ preventScroll: true });
      main.current?.scrollTo(0, 0);
    }
    isFirst.current = false;
  }, [title]);
  return (
    <div class="shell">
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to the page
      </a>
      <header class="side">
        <p class="brand">
          <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <path d="M8 23V10l3.2 2.6L16 8l4.8 4.6L24 10v13h-5v-5a3 3 0 0 0-6 0v5z" />
          </svg>
          <span>Rookery</span>
        </p>
        <nav aria-label="Pages">
          <ul>
            {PAGES.map((name) => (
              <li key={name}>
                <Link to={urlOf([name])} isCurrent={name === page}>
                  <Icon name={name} />
                  <span>{NAVIGATION[name]}</span>
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <div class="side-foot">
          <ThemeButton />
          {credentials !== undefined && (
            <button type="button" class="button button-quiet" onClick={onSignOut}>
              Sign out
            </button>
          )}
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1} class={`page page-${page}`}>
        <PageOf page={page} place={place} />
      </main>
    </div>
  );
}
