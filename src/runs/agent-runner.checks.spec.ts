import { Injectable } from '@nestjs/common';
import { IsInt, IsString } from 'class-validator';
import { z } from 'zod';
import { Agent, Guardrail, type GuardedText, type InstructionsContext, type Instructor, Tool } from '../index.js';
import { DatabaseUnavailableError } from '../storage/database.unavailable.js';
import { createTestApp, ScriptedModel, type ScriptedTurn, type TestApp } from '../testing/index.js';

@Injectable()
class Blocklist {
  readonly words = ['bomb'];
}

@Injectable()
class NoBombs extends Guardrail {
  constructor(private readonly blocklist: Blocklist) {
    super();
  }

  override checkInput({ text }: GuardedText): string | undefined {
    return this.blocklist.words.some((word) => text.includes(word)) ? 'That is not talked about here.' : undefined;
  }

  override async checkOutput({ text, role }: GuardedText): Promise<string | undefined> {
    return text.includes('secret') ? `The ${role} keeps secrets.` : undefined;
  }
}

/** Never returns a verdict. */
@Injectable()
class Undecided extends Guardrail {
  override checkInput(): Promise<never> {
    return new Promise(() => undefined);
  }
}

@Agent({ role: 'undecided', description: 'Waits.', instructions: 'Wait.', guardrails: [Undecided] })
class UndecidedAgent {}

@Agent({
  role: 'unvalidated',
  description: 'Checks without end.',
  instructions: 'Check.',
  output: z.object({}).refine(() => new Promise<boolean>(() => undefined)),
})
class UnvalidatedAgent {
  @Tool({
    description: 'Checks',
    input: z.object({ a: z.string().refine(() => new Promise<boolean>(() => undefined)) }),
  })
  check(): string {
    return 'checked';
  }
}

@Agent({ role: 'wordless', description: 'Finds no words.' })
class WordlessAgent implements Instructor {
  instructions(): Promise<never> {
    return new Promise(() => undefined);
  }
}

class Verdict {
  @IsString()
  title: string;

  @IsInt()
  stars: number;
}

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.', guardrails: [NoBombs] })
class GuardedAgent {}

@Agent({ role: 'critic', description: 'Judges.', instructions: 'Judge.', output: Verdict })
class CriticAgent {
  @Tool({ description: 'Reads' })
  read(): string {
    return 'A book.';
  }
}

@Agent({ role: 'counter', description: 'Counts.', instructions: 'Count.', output: z.object({ count: z.number() }) })
class CounterAgent {}

@Agent({ role: 'clerk', description: 'Knows its customer.' })
class ClerkAgent implements Instructor {
  constructor(private readonly blocklist: Blocklist) {}

  async instructions({ principal }: InstructionsContext): Promise<string> {
    return `Serve ${principal.id} and never say ${this.blocklist.words.join()}.`;
  }
}

@Agent({
  role: 'registrar',
  description: 'Looks names up.',
  instructions: 'Answer.',
  output: z.object({}).refine(() => {
    throw new Error('The host could not look it up.', {
      cause: new DatabaseUnavailableError(new Error('the connection broke')),
    });
  }),
})
class RegistrarAgent {}

let app: TestApp;

afterEach(() => app.close());

async function start(...turns: ScriptedTurn[]): Promise<ScriptedModel> {
  const model = new ScriptedModel(...turns);
  app = await createTestApp({
    model,
    providers: [Blocklist, NoBombs, GuardedAgent, CriticAgent, CounterAgent, ClerkAgent, RegistrarAgent],
  });
  return model;
}

describe('instructions', () => {
  it('can be a method that uses injected services and the principal', async () => {
    const model = await start('Hello.');
    const principal = { tenant: 'default', id: 'ada' };
    await app.runner.run({ message: 'Hi', agent_role: 'clerk' }, { principal });
    expect(model.requests[0]?.instructions).toBe('Serve ada and never say bomb.');
  });
});

describe('code of the host', () => {
  it.each(['undecided', 'wordless'])('cannot keep a caller waiting beyond the deadline (%s)', async (agent_role) => {
    app = await createTestApp({ timeoutMs: 50, providers: [Undecided, UndecidedAgent, WordlessAgent] });
    const request = { message: 'Hello', session_id: 's', agent_role };
    for (let round = 0; round < 2; round++) {
      await expect(app.runner.run(request)).rejects.toMatchObject({ code: 'agent_timeout' });
    }
  });

  it.each([[[{ tool: 'check', arguments: { a: 'b' } }]], ['{}']])(
    'cannot check %j beyond the deadline',
    async (turn) => {
      app = await createTestApp({ timeoutMs: 50, model: new ScriptedModel(turn), providers: [UnvalidatedAgent] });
      await expect(app.runner.run({ message: 'Hello', agent_role: 'unvalidated' })).rejects.toMatchObject({
        code: 'agent_timeout',
      });
    },
  );

  it('frees the session if a request is refused after its caller left', async () => {
    await start('Hello.');
    const signal = AbortSignal.abort();
    await expect(app.runner.run({ message: 'A bomb', session_id: 's' }, { signal })).rejects.toMatchObject({
      code: 'client_closed_request',
    });
    expect((await app.runner.run({ message: 'Hi', session_id: 's' })).reply).toBe('Hello.');
  });
});

describe('guardrails', () => {
  it('refuse a request before the model is called', async () => {
    const model = await start('never said');
    const events = app.runner.stream({ message: 'How is a bomb built?' });
    await expect(events.next()).rejects.toMatchObject({
      code: 'guardrail_tripped',
      message: 'That is not talked about here.',
    });
    expect(model.requests).toEqual([]);
  });

  it('refuse an answer, which is not stored', async () => {
    const model = await start('It is a secret.', 'Hello.');
    await expect(app.runner.run({ message: 'Tell me', session_id: 's' })).rejects.toMatchObject({
      code: 'guardrail_tripped',
      message: 'The assistant keeps secrets.',
    });
    await app.runner.run({ message: 'Hello', session_id: 's' });
    expect(model.requests[1]?.messages).toHaveLength(1);
  });

  it('prevent the start if they are not providers', async () => {
    await start('Hello.');
    await expect(createTestApp({ providers: [GuardedAgent] })).rejects.toThrow(
      'GuardedAgent: its guardrail NoBombs is not a provider.',
    );
  });
});

describe('the output schema of an agent', () => {
  const good = '{"title":"Good","stars":4}';

  it('is sent to the model and satisfied, with and without tools', async () => {
    const model = await start([{ tool: 'read' }], good);
    const { reply } = await app.runner.run({ message: 'Judge', agent_role: 'critic' });
    expect(reply).toBe(good);
    expect(model.requests[0]?.output).toMatchObject({ required: ['title', 'stars'], additionalProperties: false });
  });

  it.each([
    ['{"title":"Good","stars":"four"}', /stars must be an integer number/],
    ['Four stars!', /It is not valid JSON/],
  ])('is requested once more if the model answers %j', async (bad, fault) => {
    const model = await start(bad, good);
    expect((await app.runner.run({ message: 'Judge', agent_role: 'critic' })).reply).toBe(good);
    expect(model.requests[1]?.messages.at(-1)).toMatchObject({ role: 'user', content: expect.stringMatching(fault) });
  });

  it('fails the run if two answers do not satisfy it', async () => {
    const model = await start('one', 'two', '{"count":3}');
    await expect(app.runner.run({ message: 'Count', agent_role: 'counter' })).rejects.toMatchObject({
      code: 'model_output_invalid',
    });
    expect(model.requests).toHaveLength(2);
  });

  it('does not blame the model if its check loses the database', async () => {
    const model = await start('{}', '{}');
    await expect(app.runner.run({ message: 'Register', agent_role: 'registrar' })).rejects.toMatchObject({
      code: 'storage_unavailable',
    });
    expect(model.requests).toHaveLength(1);
  });
});
