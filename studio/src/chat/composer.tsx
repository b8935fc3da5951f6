import type { ChatRequestV2, Role } from 'rookery/client';
import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useAction } from '../service/resource';
import { Failure } from '../ui/feedback';
import { Icon } from '../ui/icons';
import { ComposerOptions } from './composer.options';
import { MAX_PICTURES_LENGTH, type Picture, readPicture } from './picture';
import { optionsOf, storedToolsText, storeToolsText } from './request.options';
import type { Draft } from './welcome';

const MAX_PICTURES = 4;
const MAX_ROWS_PX = 220;

interface ComposerProps {
  readonly agents: readonly Role[];
  readonly isBusy: boolean;
  readonly inputRef: RefObject<HTMLTextAreaElement | null>;
  /** A text to begin with, such as an example. */
  readonly draft: Draft | undefined;
  readonly onSend: (request: ChatRequestV2) => void;
  readonly onStop: () => Promise<void>;
}

/** Writes a request: text, pictures, agent and options. */
export function Composer({ agents, isBusy, inputRef: input, draft, onSend, onStop }: ComposerProps) {
  const [text, setText] = useState('');
  const [pictures, setPictures] = useState<readonly Picture[]>([]);
  const [role, setRole] = useState('');
  const [options, setOptions] = useState(() => ({ temperature: '', schema: '', tools: storedToolsText() }));
  const { failure, run } = useAction();
  useEffect(() => {
    if (draft === undefined) return;
    setText(draft.text);
    setRole(draft.role);
    input.current?.focus();
  }, [draft]);
  useEffect(() => {
    const area = input.current;
    if (area === null) return;
    area.style.height = 'auto';
    area.style.height = `${Math.min(area.scrollHeight, MAX_ROWS_PX)}px`;
  }, [text]);

  const canSend = !isBusy && (text.trim() !== '' || pictures.length > 0);
  const send = () =>
    run(async () => {
      if (!canSend) return;
      const given = optionsOf(options);
      onSend({ input: inputOf(text, pictures), ...(role !== '' && { agent_role: role }), ...given });
      setText('');
      setPictures([]);
      input.current?.focus();
    });
  const attach = (files: readonly File[]) =>
    run(async () => {
      const added = files.slice(0, MAX_PICTURES - pictures.length);
      const used = pictures.reduce((sum, { url }) => sum + url.length, 0);
      const share = Math.floor((MAX_PICTURES_LENGTH - used) / Math.max(added.length, 1));
      const read = await Promise.all(added.map((file) => readPicture(file, share)));
      setPictures([...pictures, ...read]);
    });

  return (
    <form
      class="composer"
      aria-label="Message"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Failure failure={failure} />
      {pictures.length > 0 && (
        <ul class="pictures" aria-label="Pictures">
          {pictures.map(({ name, url }) => (
            <li key={url}>
              <img src={url} alt="" />
              <span>{name}</span>
              <button
                type="button"
                class="button button-quiet"
                aria-label={`Remove ${name}`}
                onClick={() => setPictures(pictures.filter((each) => each.url !== url))}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="composer-box">
        <textarea
          ref={input}
          class="composer-text"
          aria-label="Your message"
          placeholder="Ask something. Enter sends, Shift+Enter begins a line."
          rows={1}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            void send();
          }}
          onPaste={(event) => {
            const files = [...(event.clipboardData?.files ?? [])].filter(({ type }) => type.startsWith('image/'));
            if (files.length > 0) void attach(files);
          }}
        />
        <div class="composer-bar">
          <select
            class="input input-small"
            aria-label="Agent"
            value={role}
            onChange={(event) => setRole(event.currentTarget.value)}
          >
            <option value="">Default agent</option>
            {agents.map((agent) => (
              <option key={agent.role} value={agent.role}>
                {agent.role}
              </option>
            ))}
          </select>
          <label class="button button-quiet attach">
            <Icon name="image" /> Picture
            <input
              type="file"
              accept="image/*"
              multiple
              onChange={(event) => {
                void attach([...(event.currentTarget.files ?? [])]);
                event.currentTarget.value = '';
              }}
            />
          </label>
          <span class="grow" />
          {isBusy ? (
            <button type="button" class="button button-danger" onClick={() => void run(onStop)}>
              <Icon name="stop" /> Stop
            </button>
          ) : (
            <button type="submit" class="button button-primary" disabled={!canSend}>
              <Icon name="send" /> Send
            </button>
          )}
        </div>
      </div>
      <ComposerOptions
        texts={options}
        onChange={(texts) => {
          setOptions(texts);
          storeToolsText(texts.tools);
        }}
      />
    </form>
  );
}

function inputOf(text: string, pictures: readonly Picture[]): NonNullable<ChatRequestV2['input']> {
  if (pictures.length === 0) return text;
  const parts = pictures.map(({ url }) => ({ type: 'image_url', url }) as const);
  return text.trim() === '' ? parts : [{ type: 'text', text }, ...parts];
}
