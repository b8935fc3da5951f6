import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../ui/icons';

const MAX_LENGTH = 32_000;

interface QuestionProps {
  readonly text: string;
  readonly images?: readonly string[];
  /** Asks again with an edited text, in a new session. Undefined: it cannot be asked again. */
  readonly onAskAgain?: ((text: string) => void) | undefined;
  /** False while another answer is on its way. */
  readonly canAsk?: boolean | undefined;
}

/** The question of a person, which can be asked again in other words. */
export function Question({ text, images = [], onAskAgain, canAsk = true }: QuestionProps) {
  const [isEditing, setEditing] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setEditing(false);
    button.current?.focus();
  };
  return (
    <article class="asked" aria-label="Question">
      <div class="question">
        {text !== '' && <p>{text}</p>}
        {images.map((url) => (
          <img key={url} src={url} alt="Attached picture" />
        ))}
      </div>
      {onAskAgain !== undefined && (
        <button
          ref={button}
          type="button"
          class="button button-quiet"
          aria-expanded={isEditing}
          disabled={!canAsk}
          onClick={() => setEditing(!isEditing)}
        >
          <Icon name="edit" /> Edit and ask again
        </button>
      )}
      {isEditing && onAskAgain !== undefined && (
        <Editor text={text} mayBeEmpty={images.length > 0} canAsk={canAsk} onAsk={onAskAgain} onClose={close} />
      )}
    </article>
  );
}

interface EditorProps {
  readonly text: string;
  /** Pictures alone are a question too. */
  readonly mayBeEmpty: boolean;
  readonly canAsk: boolean;
  readonly onAsk: (text: string) => void;
  readonly onClose: () => void;
}

function Editor({ text, mayBeEmpty, canAsk, onAsk, onClose }: EditorProps) {
  const [draft, setDraft] = useState(text);
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => area.current?.focus(), []);
  const canSend = canAsk && (mayBeEmpty || draft.trim() !== '');
  const ask = () => {
    if (canSend) onAsk(draft);
  };
  return (
    <form
      class="card question-editor"
      aria-label="Ask again"
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <textarea
        ref={area}
        class="input"
        rows={3}
        maxLength={MAX_LENGTH}
        aria-label="Edited question"
        aria-describedby="edited-hint"
        value={draft}
        onInput={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          ask();
        }}
      />
      <p class="field-hint" id="edited-hint">
        A new session goes on from here. This one stays as it is.
      </p>
      <div class="form-actions">
        <button type="button" class="button" onClick={onClose}>
          Cancel
        </button>
        <button type="submit" class="button button-primary" disabled={!canSend}>
          Ask again
        </button>
      </div>
    </form>
  );
}
