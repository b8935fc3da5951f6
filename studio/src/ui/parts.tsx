import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { agoText, timeText } from './format';
import { Icon } from './icons';

const SHOWN_MS = 1500;
const ICONS = { none: 'copy', copied: 'approvals', failed: 'close' } as const;
const OUTCOMES = { copied: 'Copied', failed: 'The browser does not allow copying' } as const;

/** A status, as a word and a colour. */
export function Badge({ status }: { readonly status: string }) {
  return <span class={`badge badge-${status}`}>{status.replaceAll('_', ' ')}</span>;
}

/** A time that says how long ago it was, and exactly on hover. */
export function Time({ at }: { readonly at: string | undefined }) {
  if (at === undefined) return <span class="muted">–</span>;
  return (
    <time dateTime={at} title={timeText(at)}>
      {agoText(at)}
    </time>
  );
}

interface CopyProps {
  readonly text: string | (() => string);
  readonly label: string;
  readonly children?: ComponentChildren;
}

/** Copies a text. Pages without TLS have no clipboard, so they have no button. */
export function CopyButton({ text, label, children }: CopyProps) {
  const [outcome, setOutcome] = useState<'copied' | 'failed'>();
  useEffect(() => {
    if (outcome === undefined) return undefined;
    const timer = setTimeout(() => setOutcome(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  if (!isSecureContext) return null;
  const copy = () => {
    navigator.clipboard.writeText(typeof text === 'string' ? text : text()).then(
      () => setOutcome('copied'),
      () => setOutcome('failed'),
    );
  };
  return (
    <>
      <button type="button" class="button button-quiet" aria-label={label} onClick={copy}>
        <Icon name={ICONS[outcome ?? 'none']} />
        {children}
      </button>
      {/* Screen readers read no status inside a button. */}
      <span class="hidden" role="status">
        {outcome !== undefined && OUTCOMES[outcome]}
      </span>
    </>
  );
}

/** JSON, indented. */
export function JsonText({ value, label }: { readonly value: unknown; readonly label: string }) {
  const text = typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
  return (
    <pre class="json" tabIndex={0} role="region" aria-label={label}>
      {text}
    </pre>
  );
}

interface FactsProps {
  readonly facts: readonly (readonly [name: string, value: ComponentChildren])[];
}

/** Names and values. Leaves out those without a value. */
export function Facts({ facts }: FactsProps) {
  return (
    <dl class="facts">
      {facts
        .filter(([, value]) => value !== undefined && value !== null)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
