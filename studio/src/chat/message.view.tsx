import type { Message } from 'rookery/client';
import { Markdown } from '../markdown/markdown';
import { Icon } from '../ui/icons';
import { Time } from '../ui/parts';
import { Question } from './question';

interface MessageViewProps {
  readonly message: Message;
  readonly onAskAgain?: ((text: string) => void) | undefined;
  readonly canAsk?: boolean | undefined;
}

/** A stored message of a session. */
export function MessageView({ message: { role, content, tool, created_at }, onAskAgain, canAsk }: MessageViewProps) {
  if (role === 'user') return <Question text={content} onAskAgain={onAskAgain} canAsk={canAsk} />;
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
