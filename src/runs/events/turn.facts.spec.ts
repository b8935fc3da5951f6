import { Injectable } from '@nestjs/common';
import { stores, type TestDatabase } from '../../../test/support/storage/stores.js';
import { until } from '../../../test/support/until.js';
import { HOST_PRINCIPAL } from '../../auth/principal.js';
import {
  Agent,
  Guardrail,
  type ModelCall,
  type ModelEvent,
  type ModelReasoning,
  type ModelRequest,
  type RunRequest,
  Tool,
} from '../../index.js';
import { MessagesRepository } from '../../sessions/messages.repository.js';
import { TasksService } from '../../tasks/tasks.service.js';
import { createTestApp, ScriptedModel, type TestApp } from '../../testing/index.js';
import type { StoredEvent } from './run.events.js';

const REASONING: ModelReasoning = { text: 'Hm.', providerData: { source: 'x', data: { sig: 's' } } };

/** Thinks before each of its turns. */
class ThinkingModel extends ScriptedModel {
  override async *stream(request: ModelRequest, call: ModelCall): AsyncGenerator<ModelEvent> {
    for await (const event of super.stream(request, call)) {
      if (event.type !== 'reply') {
        yield event;
        continue;
      }
      yield { type: 'reasoning', reasoning: REASONING };
      yield { type: 'reply', reply: { ...event.reply, reasoning: [REASONING] } };
    }
  }
}

@Injectable()
class ChecksInput extends Guardrail {
  override checkInput(): undefined {}
}

@Injectable()
class ChecksOutput extends Guardrail {
  override checkOutput(): undefined {}
}

@Agent({ role: 'assistant', description: 'Pays.', instructions: 'Pay.', guardrails: [ChecksInput], agents: ['clerk'] })
class PayingAgent {
  @Tool({ description: 'Pays', needsApproval: true })
  pay(): string {
    return 'paid';
  }

  @Tool({ description: 'Looks' })
  look(): string {
    return 'seen';
  }
}

@Agent({ role: 'clerk', description: 'Checks.', instructions: 'Check.', guardrails: [ChecksOutput] })
class ClerkAgent {}

const submitter = { principal: HOST_PRINCIPAL, requestId: 'r', idempotencyKey: undefined };
const factsOf = (events: readonly StoredEvent[]) => events.flatMap(({ facts = [] }) => facts);
const thought = (turn: number, text = 'Hm.') => ({
  type: 'reasoning.completed',
  turn,
  reasoning: { ...REASONING, text },
});

describe.each(stores)('the facts of turns on $name', (store) => {
  let database: TestDatabase;
  let app: TestApp;

  beforeAll(async () => {
    database = await store.create();
  });
  afterAll(() => database.drop());
  afterEach(() => app.close());

  async function start(model: ScriptedModel): Promise<void> {
    const providers = [PayingAgent, ClerkAgent, ChecksInput, ChecksOutput];
    app = await createTestApp({ model, providers, databaseUrl: database.databaseUrl });
  }

  async function eventsOf(id: string): Promise<StoredEvent[]> {
    return (await Array.fromAsync((await app.runner.follow(id)) ?? [])).flat();
  }

  /** The reasoning of each answer in the session. */
  async function storedReasoning(session_id: string): Promise<unknown[]> {
    const messages = app.module.get(MessagesRepository, { strict: false });
    const rows = await messages.page({ tenant: 'default', session_id }, 10, { hasReasoning: true });
    return rows.filter(({ role }) => role === 'assistant').map(({ reasoning }) => JSON.parse(reasoning ?? 'null'));
  }

  async function streamed(request: RunRequest): Promise<StoredEvent[]> {
    const { events } = await app.runner.begin(request, {});
    return (await Array.fromAsync(events ?? [])).flat();
  }

  it('are those of the turns of the run, live and stored', async () => {
    await start(new ThinkingModel([{ tool: 'look' }], 'I have seen it.'));
    const events = await streamed({ message: 'Look', session_id: 'seen' });
    const facts = [
      thought(1),
      { type: 'turn.completed', turn: 1, calls: 1 },
      thought(2),
      { type: 'turn.completed', turn: 2, calls: 0 },
    ];
    expect(factsOf(events)).toEqual(facts);
    const carriers = events.filter((event) => event.facts).map(({ type }) => type);
    expect(carriers).toEqual(['tool.started', 'run.completed']);
    const runId = JSON.parse(events[0]?.data ?? '').run_id;
    expect(await eventsOf(runId)).toEqual(events);
    expect(await storedReasoning('seen')).toEqual([[{ part: 0, ...REASONING }], [{ part: 0, ...REASONING }]]);
  });

  it('leave the events as they are without them', async () => {
    const shapes: string[] = [];
    for (const Model of [ScriptedModel, ThinkingModel]) {
      await start(new Model([{ tool: 'look' }], 'I have seen it.'));
      const events = await streamed({ message: 'Look', session_id: 'same' });
      const runId = JSON.parse(events[0]?.data ?? '').run_id;
      const lines = [...events, ...(await eventsOf(runId))]
        .map(({ sequence, data }) => `${sequence} ${data}`)
        .join('\n');
      shapes.push(lines.replaceAll(runId, 'run').replace(/"processing_time_ms":[\d.]+/g, ''));
      if (Model === ScriptedModel) await app.close();
    }
    expect(shapes[1]).toBe(shapes[0]);
  });

  it('have no reasoning text of agents whose answers guardrails check', async () => {
    await start(new ThinkingModel('Fine.'));
    const facts = factsOf(await streamed({ message: 'Check', agent_role: 'clerk', session_id: 'checked' }));
    expect(facts).toEqual([thought(1, ''), { type: 'turn.completed', turn: 1, calls: 0 }]);
    expect(await storedReasoning('checked')).toEqual([[{ part: 0, ...REASONING, text: '' }]]);
  });

  it('have no turns of agents that are asked', async () => {
    await start(new ThinkingModel([{ tool: 'ask_clerk', arguments: { message: 'Fine?' } }], 'Fine.', 'It is fine.'));
    const turns = factsOf(await streamed({ message: 'Ask' })).map(({ type, turn }) => `${type} ${turn}`);
    expect(turns).toEqual(['reasoning.completed 1', 'turn.completed 1', 'reasoning.completed 2', 'turn.completed 2']);
  });

  it('come again with their text after a turn of an earlier attempt', async () => {
    await start(new ThinkingModel('I pay.', [{ tool: 'pay' }]));
    const tasks = app.module.get(TasksService);
    const { task } = await tasks.submit({ message: 'Pay', output_schema: { type: 'object' } }, submitter);
    const waiting = await until('it waits', async () => {
      const found = await tasks.get(task.task_id, HOST_PRINCIPAL);
      return found.status === 'waiting_approval' && found;
    });
    await app.close();
    await start(new ThinkingModel('{}'));
    const [approval] = waiting.pending_approvals ?? [];
    const approvalId = approval?.approval_id ?? '';
    await app.module.get(TasksService).decide(task.task_id, approvalId, { decision: 'approve' }, HOST_PRINCIPAL);
    const events = await eventsOf(task.task_id);
    const restarted = events.findIndex(({ type }) => type === 'run.restarted');
    expect(restarted).toBeGreaterThan(0);
    expect(factsOf(events.slice(restarted + 1))).toEqual([
      thought(1),
      { type: 'turn.completed', turn: 1, calls: 0, text: 'I pay.' },
      thought(2),
      { type: 'turn.completed', turn: 2, calls: 1, text: '' },
      thought(3),
      { type: 'turn.completed', turn: 3, calls: 0 },
    ]);
  });
});
