import type { Role } from 'rookery/client';
import type { Resource } from '../service/resource';
import { Empty, Failure, Loading } from '../ui/feedback';

/** A message to begin with, and the built-in agent that it is for. */
export interface Draft {
  readonly text: string;
  readonly role: string;
}

const EXAMPLES: readonly Draft[] = [
  { text: 'What is 17 * 3?', role: 'assistant' },
  { text: 'What time is it in Europe/Oslo?', role: 'assistant' },
  { text: 'Search for rate limits', role: 'researcher' },
  { text: 'Run: [1, 2, 3].map((n) => n * n)', role: 'coder' },
];

interface WelcomeProps {
  readonly agents: Resource<readonly Role[]>;
  readonly onPick: (draft: Draft) => void;
}

/** The first view: who can be asked, and examples. */
export function Welcome({ agents: { value: agents, failure, isLoading, reload }, onPick }: WelcomeProps) {
  if (isLoading && agents === undefined) return <Loading what="the agents" />;
  if (failure !== undefined) return <Failure failure={failure} onRetry={reload} />;
  const roles = new Set((agents ?? []).map(({ role }) => role));
  const examples = EXAMPLES.filter(({ role }) => roles.has(role));
  return (
    <div class="welcome">
      <Empty title="Ask an agent">
        <p>Write a message below. The answer arrives as it is written, with each tool call and its result.</p>
      </Empty>
      <ul class="agents" aria-label="Agents">
        {(agents ?? []).map(({ role, description, model, tools }) => (
          <li key={role} class="card">
            <h2>{role}</h2>
            <p>{description}</p>
            <p class="muted">
              {model}
              {tools.length > 0 && ` · ${tools.join(', ')}`}
            </p>
          </li>
        ))}
      </ul>
      {examples.length > 0 && (
        <div class="examples" role="group" aria-label="Examples">
          {examples.map((draft) => (
            <button key={draft.text} type="button" class="button" onClick={() => onPick(draft)}>
              {draft.text}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
