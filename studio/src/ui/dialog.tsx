import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icons';

interface DialogProps {
  readonly title: string;
  /** Called once it is closed. */
  readonly onClose: () => void;
  /** @param close gives the focus back to the control that has opened the dialog. Removing the dialog does not. */
  readonly children: (close: () => void) => ComponentChildren;
}

/** A modal dialog. The browser keeps the focus in it, and Escape closes it. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const close = () => dialog.current?.close();
  return (
    <dialog ref={dialog} class="dialog" aria-label={title} onClose={onClose}>
      <header class="dialog-head">
        <h2>{title}</h2>
        <button type="button" class="button button-quiet" aria-label="Close" onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      {children(close)}
    </dialog>
  );
}

interface ConfirmProps {
  readonly title: string;
  readonly action: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Asks before something is lost. */
export function Confirm({ title, action, onConfirm, onClose, children }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      {(close) => (
        <>
          <div class="dialog-body">{children}</div>
          <footer class="dialog-foot">
            <button type="button" class="button" onClick={close}>
              Keep
            </button>
            <button
              type="button"
              class="button button-danger"
              onClick={() => {
                close();
                onConfirm();
              }}
            >
              {action}
            </button>
          </footer>
        </>
      )}
    </Dialog>
  );
}
