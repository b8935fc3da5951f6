import { Agent, LanguageModel, type ModelEvent, type ModelReply, type RunRequest, Tool } from '../../index.js';
import { createTestApp, ScriptedModel, type ScriptedTurn, type TestApp } from '../../testing/index.js';
import { Guardrail } from '../../agents/guardrail.js';

class NoSecrets extends Guardrail {
  override async checkInput({ text }: { readonly text: string }) {
    return text.includes('secret') ? 'No secrets.' : undefined;
  }
}

@Agent({
  role: 'assistant',
  description: 'Answers.',
  instructions: 'Answer.',
  handoffs: ['closed'],
  guardrails: [NoSecrets],
})
class AssistantAgent {
  @Tool({ description: 'Rolls a die' })
  roll(): number {
    return 4;
  }

  @Tool({ description: 'Flips a coin' })
  flip(): string {
    return 'heads';
  }
}

@Agent({ role: 'closed', description: 'Listens to nobody.', instructions: 'Close.', callerInstructions: 'refuse' })
class ClosedAgent {}

/** A model that knows none of the newer parts of requests. */
class OldModel extends LanguageModel {
  nameFor = (): string => 'old';

  async reply(): Promise<ModelReply> {
    return { text: 'Old.', model: 'old', usage: { inputTokens: 1, outputTokens: 1 }, isTruncated: false };
  }

  async *stream(): AsyncGenerator<ModelEvent> {
    yield { type: 'reply', reply: await this.reply() };
  }
}

let app: TestApp;
let model: ScriptedModel;

async function start(given: LanguageModel): Promise<void> {
  app = await createTestApp({ model: given, providers: [NoSecrets, AssistantAgent, ClosedAgent] });
}

async function run(request: Partial<RunRequest>, ...turns: ScriptedTurn[]) {
  model = new ScriptedModel(...turns);
  await start(model);
  return await app.runner.complete({ message: 'Go.', ...request });
}

afterEach(() => app.close());

const refusal = (field: string) => ({ code: 'validation_failed', errors: [expect.objectContaining({ field })] });

describe('the settings of a caller', () => {
  it('go to the model, with the smaller output limit, also after a handoff', async () => {
    const settings = { top_p: 0.4, reasoning_effort: 'high', parallel_tool_calls: false } as const;
    await run(
      { ...settings, instructions: 'Be brief.', max_output_tokens: 77 },
      [{ tool: 'transfer_to_closed' }],
      'Done.',
    );
    const sent = { topP: 0.4, reasoningEffort: 'high', parallelToolCalls: false, maxOutputTokens: 77 };
    expect(model.requests).toMatchObject([
      { ...sent, isOutputLimitRequired: true, instructions: 'Answer.\n\nBe brief.' },
      { ...sent, instructions: 'Close.' },
    ]);
  });

  it('are refused by name if the model does not know them', async () => {
    await start(new OldModel());
    const request = { message: 'Go.' };
    for (const field of ['top_p', 'tool_choice', 'parallel_tool_calls', 'reasoning_effort'] as const) {
      const values = { top_p: 1, tool_choice: 'none', parallel_tool_calls: true, reasoning_effort: 'low' } as const;
      await expect(app.runner.run({ ...request, [field]: values[field] })).rejects.toMatchObject(refusal(field));
    }
    const known = { tool_choice: 'auto', max_output_tokens: 5, instructions: 'Be brief.' } as const;
    expect(await app.runner.run({ ...request, ...known })).toMatchObject({ reply: 'Old.' });
  });

  it('are refused if they are invalid, or name what is not there', async () => {
    await start(new ScriptedModel());
    const faulty: [keyof RunRequest, Partial<RunRequest>][] = [
      ['instructions', { instructions: '' }],
      ['max_output_tokens', { max_output_tokens: 0 }],
      ['max_tool_calls', { max_tool_calls: 1.5 }],
      ['top_p', { top_p: 2 }],
      ['tool_choice', { tool_choice: { name: 'nothing' } }],
      ['tool_choice', { tool_choice: { allowed: [], mode: 'required' } }],
      ['tool_choice', { agent_role: 'closed', tool_choice: 'required' }],
      ['instructions', { agent_role: 'closed', instructions: 'Open.' }],
    ];
    for (const [field, request] of faulty) {
      await expect(app.runner.run({ message: 'Go.', ...request })).rejects.toMatchObject(refusal(field));
    }
    const told = app.runner.run({ message: 'Go.', instructions: 'Tell the secret.' });
    await expect(told).rejects.toMatchObject({ code: 'guardrail_tripped' });
  });
});

describe('the choice of tools', () => {
  it('requires a call of the first turn only', async () => {
    await run({ tool_choice: 'required' }, [{ tool: 'roll' }], 'It is 4.');
    expect(model.requests.map(({ toolChoice }) => toolChoice)).toEqual(['required', undefined]);
  });

  it('offers only the tool that it names, and refuses calls of others', async () => {
    const outcome = await run({ tool_choice: { name: 'roll' } }, [{ tool: 'roll' }, { tool: 'flip' }], 'It is 4.');
    expect(model.requests.map(({ tools }) => tools.map(({ name }) => name))).toEqual([
      ['roll'],
      ['roll', 'flip', 'transfer_to_closed'],
    ]);
    expect(outcome.tool_calls).toMatchObject([{ output: '4' }, { error: 'This tool may not be called now.' }]);
  });

  it('offers only the tools that it allows, in all turns', async () => {
    await run({ tool_choice: { allowed: ['flip'], mode: 'auto' } }, [{ tool: 'flip' }], 'Heads.');
    expect(model.requests.map(({ tools }) => tools.map(({ name }) => name))).toEqual([['flip'], ['flip']]);
  });

  it('makes no call at all with none', async () => {
    const outcome = await run({ tool_choice: 'none' }, [{ tool: 'flip' }], 'I must not.');
    expect(model.requests.map(({ toolChoice }) => toolChoice)).toEqual(['none', 'none']);
    expect(outcome.tool_calls).toMatchObject([{ error: 'This tool may not be called now.' }]);
  });

  it('fails if the model does not make the required call', async () => {
    await expect(run({ tool_choice: 'required' }, 'No.')).rejects.toMatchObject({
      code: 'model_error',
      message: expect.stringContaining('tool_choice'),
    });
  });
});

it('makes at most as many calls as the caller allows', async () => {
  const outcome = await run({ max_tool_calls: 2 }, [{ tool: 'roll' }], [{ tool: 'flip' }, { tool: 'roll' }], 'Done.');
  expect(outcome.tool_calls).toMatchObject([
    { output: '4' },
    { output: 'heads' },
    { error: 'At most 2 calls of tools can be made in this run.' },
  ]);
});
