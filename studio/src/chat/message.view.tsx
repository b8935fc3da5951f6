import type { Message } from 'rookery/client';
import { Markdown } from '../markdown/markdown';
import { Icon } from '../ui/icons';
import { Time } from '../ui/parts';

/** A stored message of a session. */
export function MessageView({ message: { role, content, tool, created_at } }: { readonly message: Message }) {
  if (role === 'user') return <Question text={content} />;
  if (role === 'tool') {
    return (
      <details class="card tool">
        <summary>
          <Icon name="tool" /> <span class="tool-name">{tool}</span>
          <span class="muted">result</span>
        </summary>
        <pre class="json" tabIndex={0} role="region" aria-label={`Result of ${tool ?? 'the tool'}`}>
          {content}
        </pre>
      </details>
    );
  }
  if (content === '') return null;
  return (
    <article class="answer" aria-label="Answer">
      <Markdown text={content} />
      <footer class="answer-foot muted">
        <Time at={created_at} />
      </footer>
    </article>
  );
}

interface QuestionProps {
  readonly text: string;
  readonly images?: readonly string[];
}

/** The question of a person. */
export function Question({ text, images = [] }: QuestionProps) {
  return (
    <article class="question" aria-label="Question">
      {text !== '' && <p>{text}</p>}
      {images.map((url) => (
        <img key={url} src={url} alt="Attached picture" />
      ))}
    </article>
  );
}
