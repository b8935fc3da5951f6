import type { ModelReply } from '../../models/language.model.js';
import type { StepTable } from '../../storage/schema.js';
import type { ToolStep } from './run.journal.js';
import { RunTimeline } from './run.timeline.js';
import { isCall } from './step.path.js';
import { readToolResult, readTurn } from './stored.step.js';

/** A stored step. */
export type StepRow = Omit<StepTable, 'run_id' | 'attempt'>;

/** The steps of earlier attempts at a task. */
export interface RestoredSteps {
  readonly turns: Map<string, ModelReply>;
  readonly tools: Map<string, ToolStep>;
  readonly timeline: RunTimeline;
}

/** Parses the stored steps of a task. @throws StoredJsonError */
export function restoreSteps(rows: readonly StepRow[]): RestoredSteps {
  const turns = new Map<string, ModelReply>();
  const tools = new Map<string, ToolStep>();
  const timeline = new RunTimeline();
  for (const { step, state, body, deaths, started_at: startedAt, finished_at: finishedAt, tries } of rows) {
    const times = { startedAt, finishedAt };
    if (state === 'finished' && !isCall(step)) {
      const reply = readTurn(body);
      turns.set(step, reply);
      timeline.restoreTurn(step, reply, times);
    } else {
      const tool: ToolStep =
        state === 'started'
          ? { state, deaths, callKey: body === '' ? undefined : body }
          : { state, result: readToolResult(body) };
      tools.set(step, tool);
      const isError = tool.state === 'finished' && tool.result.isError === true;
      timeline.restoreCall(step, { ...times, isError, tries: tries ?? 0 });
    }
  }
  return { turns, tools, timeline };
}
