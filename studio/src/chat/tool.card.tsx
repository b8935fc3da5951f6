import { durationText } from '../ui/format';
import { Icon } from '../ui/icons';
import { JsonText } from '../ui/parts';
import type { ToolPart } from './turn';

/** A tool call: its arguments, its result and its time. */
export function ToolCard({ call }: { readonly call: ToolPart }) {
  const { tool, arguments: args, output, error, durationMs } = call;
  const isOver = output !== undefined || error !== undefined;
  return (
    <details class={`card tool ${error === undefined ? '' : 'tool-failed'}`}>
      <summary>
        <Icon name="tool" /> <span class="tool-name">{tool}</span>
        <span class="tool-preview muted">{previewOf(args)}</span>
        <span class="muted tool-time">
          {isOver ? (
            <>
              {error !== undefined && 'failed · '}
              {durationMs === undefined ? '' : durationText(durationMs)}
            </>
          ) : (
            <span class="spinner" role="status" aria-label="Running" />
          )}
        </span>
      </summary>
      {args !== undefined && <JsonText value={args} label={`Arguments of ${tool}`} />}
      {output !== undefined && <JsonText value={indented(output)} label={`Result of ${tool}`} />}
      {error !== undefined && <JsonText value={error} label={`Error of ${tool}`} />}
    </details>
  );
}

function previewOf(args: unknown): string {
  return args === undefined ? '' : JSON.stringify(args).slice(0, 80);
}

/** Most tools return JSON. */
function indented(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    return output;
  }
}
