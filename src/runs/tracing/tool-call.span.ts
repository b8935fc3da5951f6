import type { AgentMetrics } from '../../telemetry/agent.metrics.js';
import { ATTRIBUTE, OPERATION } from '../../telemetry/semantic.names.js';
import { inSpan } from '../../telemetry/spans.js';

interface TracedToolCall {
  readonly tool: string;
  readonly callId: string;
  readonly arguments: string;
  readonly captureContent: boolean;
}

/** Makes a tool call within its span and measures its duration. */
export async function inToolSpan(
  { tool, callId, arguments: toolArguments, captureContent }: TracedToolCall,
  metrics: AgentMetrics,
  call: () => Promise<string>,
): Promise<string> {
  const startedMs = performance.now();
  const attributes = {
    [ATTRIBUTE.operation]: OPERATION.tool,
    [ATTRIBUTE.tool]: tool,
    [ATTRIBUTE.toolType]: 'function',
    [ATTRIBUTE.toolCall]: callId,
    ...(captureContent && { [ATTRIBUTE.toolArguments]: toolArguments }),
  };
  let error = 'error';
  try {
    return await inSpan({ name: `${OPERATION.tool} ${tool}`, attributes }, async (span) => {
      const output = await call();
      if (captureContent) span.note(() => ({ [ATTRIBUTE.toolResult]: output }));
      error = '';
      return output;
    });
  } finally {
    metrics.endToolCall(tool, error, (performance.now() - startedMs) / 1000);
  }
}
