import type { ComponentChildren } from 'preact';
import { type FailureText, failureText } from './failure.text';

interface FailureProps {
  readonly failure: unknown;
  readonly onRetry?: (() => void) | undefined;
}

/** Shows a failure. Renders nothing without one. */
export function Failure({ failure, onRetry }: FailureProps) {
  if (failure === undefined) return null;
  return <FailureNote text={failureText(failure)} onRetry={onRetry} />;
}

interface FailureNoteProps {
  readonly text: FailureText;
  readonly onRetry?: (() => void) | undefined;
}

export function FailureNote({ text: { sentence, code, requestId, fields }, onRetry }: FailureNoteProps) {
  return (
    <div class="failure" role="alert">
      <p>{sentence}</p>
      {fields.length > 0 && (
        <ul>
          {fields.map((field) => (
            <li key={field}>{field}</li>
          ))}
        </ul>
      )}
      {(code !== undefined || requestId !== undefined) && (
        <p class="failure-facts">
          {code !== undefined && <code>{code}</code>}
          {requestId !== undefined && (
            <span>
              Request <code>{requestId}</code>
            </span>
          )}
        </p>
      )}
      {onRetry !== undefined && (
        <button type="button" class="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

interface EmptyProps {
  readonly title: string;
  readonly children?: ComponentChildren;
}

/** Says why there is nothing, and what to do. */
export function Empty({ title, children }: EmptyProps) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children !== undefined && <div class="empty-text">{children}</div>}
    </div>
  );
}

export function Loading({ what }: { readonly what: string }) {
  return (
    <p class="loading" role="status">
      <span class="spinner" aria-hidden="true" /> Loading {what} …
    </p>
  );
}
