import { useEffect, useRef } from 'preact/hooks';
import type { Credentials } from '../service/credentials';
import { Icon } from '../ui/icons';
import { NAVIGATION, PageOf, pageOf, PAGES } from './pages';
import { Link, urlOf, usePlace } from './router';
import { ThemeButton } from './theme.button';

interface ShellProps {
  readonly credentials: Credentials | undefined;
  readonly onSignOut: () => void;
}

/** The navigation and the present page. */
export function Shell({ credentials, onSignOut }: ShellProps) {
  const place = usePlace();
  const page = pageOf(place);
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    document.title = `${NAVIGATION[page]} · Rookery Studio`;
    // Screen readers and the keyboard continue in the page that a link has opened.
    if (!isFirst.current) main.current?.focus({ preventScroll: true });
    isFirst.current = false;
  }, [page]);
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
