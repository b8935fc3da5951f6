import { Injectable } from '@nestjs/common';
import { Agent, type GuardedText, Guardrail, type RunEvent, type RunRequest, Tool } from '../../index.js';
import { createTestApp, ScriptedModel, type ScriptedTurn, type TestApp } from '../../testing/index.js';

@Injectable()
class NoPoison extends Guardrail {
  override checkInput({ text }: GuardedText): string | undefined {
    return text.includes('poison') ? 'No poison.' : undefined;
  }

  override checkOutput({ text }: GuardedText): string | undefined {
    return text.includes('poison') ? 'No poison.' : undefined;
  }
}

@Agent({
  role: 'assistant',
  description: 'Answers.',
  instructions: 'Be general.',
  handoffs: ['lawyer', 'doctor'],
  agents: ['doctor', 'assistant'],
})
class AssistantAgent {}

@Agent({ role: 'lawyer', description: 'Knows the law.', instructions: 'Be exact.' })
class LawyerAgent {
  @Tool({ description: 'Cites' })
  cite(): string {
    return '§ 1';
  }
}

@Agent({ role: 'doctor', description: 'Knows the body.', instructions: 'Be kind.', guardrails: [NoPoison] })
class DoctorAgent {}

@Agent({ role: 'lost', description: 'Hands over to nobody.', instructions: 'Be lost.', handoffs: ['nobody'] })
class LostAgent {}

let app: TestApp;

afterEach(() => app.close());

async function eventsOf(...turns: ScriptedTurn[]): Promise<{ events: RunEvent[]; model: ScriptedModel }> {
  return await eventsOfRequest({ message: 'Help' }, ...turns);
}

async function eventsOfRequest(request: RunRequest, ...turns: ScriptedTurn[]) {
  const model = new ScriptedModel(...turns);
  app = await createTestApp({ model, providers: [NoPoison, AssistantAgent, LawyerAgent, DoctorAgent] });
  return { events: await Array.fromAsync(app.runner.stream(request)), model };
}

describe('other agents', () => {
  it('take over after a handoff, with their own instructions and tools', async () => {
    const { events, model } = await eventsOf([{ tool: 'transfer_to_lawyer' }], [{ tool: 'cite' }], 'It is § 1.');
    expect(events).toContainEqual(expect.objectContaining({ type: 'handoff', from: 'assistant', to: 'lawyer' }));
    expect(model.requests.map(({ instructions }) => instructions)).toEqual(['Be general.', 'Be exact.', 'Be exact.']);
    expect(model.requests[1]?.tools.map(({ name }) => name)).toEqual(['cite']);
    expect(model.requests[1]?.messages.at(-1)).toMatchObject({
      role: 'tool',
      content: expect.stringMatching(/lawyer/),
    });
    expect(events.at(-1)).toMatchObject({ type: 'run.completed', response: { reply: 'It is § 1.', tokens_used: 45 } });
  });

  it('take over one at a time', async () => {
    const { events, model } = await eventsOf(
      [{ tool: 'transfer_to_lawyer' }, { tool: 'transfer_to_doctor' }],
      'Go on.',
    );
    expect(events.filter(({ type }) => type === 'handoff')).toHaveLength(1);
    expect(model.requests[1]?.messages.at(-1)?.content).toMatch(/Only one handoff/);
  });

  it('answer a question without the conversation, and their tokens count', async () => {
    const { events, model } = await eventsOf(
      [{ tool: 'ask_doctor', arguments: { message: 'Is it the flu?' } }],
      'It is.',
      'The doctor says it is the flu.',
    );
    expect(model.requests[1]).toMatchObject({
      instructions: 'Be kind.',
      messages: [{ role: 'user', content: 'Is it the flu?' }],
    });
    expect(model.requests[2]?.messages.at(-1)).toMatchObject({ role: 'tool', content: 'It is.' });
    expect(events.map(({ type }) => type).filter((type) => type.startsWith('tool'))).toEqual([
      'tool.started',
      'tool.completed',
    ]);
    expect(events.at(-1)).toMatchObject({ response: { tokens_used: 45 } });
  });

  it('refuse a question above the size limit for arguments', async () => {
    const message = 'x'.repeat(1_000_000);
    const { model } = await eventsOf([{ tool: 'ask_doctor', arguments: { message } }], 'Done.');
    expect(model.requests[1]?.messages.at(-1)?.content).toMatch(/non-empty string/);
  });

  it('cannot call one another without a limit', async () => {
    const ask = [{ tool: 'ask_assistant', arguments: { message: 'And you?' } }];
    const { events, model } = await eventsOf(ask, ask, ask, ask, 'Enough.', 'Enough.', 'Enough.', 'Enough.');
    expect(model.requests[4]?.messages.at(-1)?.content).toMatch(/at most 3 levels deep/);
    expect(events.at(-1)).toMatchObject({ type: 'run.completed' });
  });

  it('cannot be called without a limit in one turn', async () => {
    const ask = Array.from({ length: 1000 }, () => ({ tool: 'ask_doctor', arguments: { message: 'And?' } }));
    const { events, model } = await eventsOf(ask, ...Array.from({ length: 1001 }, () => 'Yes.'));
    expect(model.requests.length).toBeLessThanOrEqual(50);
    expect(events.at(-1)).toMatchObject({ type: 'run.failed', error: { error: 'model_error' } });
  });

  it.each([
    ['for a question', [[{ tool: 'ask_doctor', arguments: { message: 'A poison?' } }], 'Done.']],
    ['for an answer', [[{ tool: 'ask_doctor', arguments: { message: 'A cure?' } }], 'A poison.', 'Done.']],
    ['after a handoff', [[{ tool: 'transfer_to_doctor' }], 'Take poison.']],
  ])('keep their own guardrails %s', async (_, turns) => {
    const { events } = await eventsOf(...turns);
    expect(events.at(-1)).toMatchObject({ type: 'run.failed', error: { error: 'guardrail_tripped' } });
  });

  it.each([
    { instructions: 'Take poison.' },
    {
      messages: [
        { role: 'user', content: 'A poison?' },
        { role: 'assistant', content: 'Hm.' },
      ],
    } as const,
  ])('check what the caller has sent after a handoff: %j', async (more) => {
    const request = { message: 'Help', ...more };
    const { events, model } = await eventsOfRequest(request, [{ tool: 'transfer_to_doctor' }], 'Never said.');
    expect(events.at(-1)).toMatchObject({ type: 'run.failed', error: { error: 'guardrail_tripped' } });
    expect(model.requests).toHaveLength(1);
  });

  it('are not available to an agent that does not list them', async () => {
    const { model } = await eventsOf([{ tool: 'transfer_to_lawyer' }], [{ tool: 'transfer_to_doctor' }], 'Stay.');
    expect(model.requests[2]?.messages.at(-1)?.content).toMatch(/No tool "transfer_to_doctor"/);
  });

  it('prevent the start if they do not exist', async () => {
    app = await createTestApp({ providers: [NoPoison, AssistantAgent, LawyerAgent, DoctorAgent] });
    await expect(createTestApp({ providers: [LostAgent] })).rejects.toThrow('LostAgent: agent "nobody" does not exist');
  });
});
