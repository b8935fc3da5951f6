import { useState } from 'preact/hooks';
import { applyTheme, storedTheme, type Theme } from './theme';

const NEXT = { auto: 'light', light: 'dark', dark: 'auto' } as const;
const NAMES = { auto: 'System', light: 'Light', dark: 'Dark' } as const;

/** Changes between the theme of the system, light and dark. */
export function ThemeButton() {
  const [theme, setTheme] = useState<Theme>(storedTheme);
  const change = () => {
    applyTheme(NEXT[theme]);
    setTheme(NEXT[theme]);
  };
  return (
    <button type="button" class="button button-quiet" aria-label={`Theme: ${NAMES[theme]}`} onClick={change}>
      <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        <path d="M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16" />
      </svg>
      <span>{NAMES[theme]}</span>
    </button>
  );
}
