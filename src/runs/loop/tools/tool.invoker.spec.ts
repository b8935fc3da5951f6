import {
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { IsIn, IsInt, IsOptional, IsString, MaxLength, Min } from 'class-validator';
import { map, type Observable } from 'rxjs';
import { z } from 'zod';
import { Agent, type AgentRunnerService, type RunEvent, Tool, ToolContext } from '../../../index.js';
import { createTestApp, ScriptedModel, type ScriptedTurn, type TestApp } from '../../../testing/index.js';

class CityInput {
  @IsString()
  @MaxLength(20)
  city: string;

  @IsOptional()
  @IsInt()
  @Min(1)
  days?: number;

  @IsOptional()
  @IsIn(['c', 'f'])
  unit?: 'c' | 'f';
}

@Injectable()
class Forecasts {
  readonly asked: { city: string; key: string }[] = [];
  concurrent = 0;
  mostConcurrent = 0;
}

/** Admits only the trusted tenant of the tool's context. */
@Injectable()
class TenantGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { principal } = context.getArgByIndex<ToolContext>(1);
    return principal.tenant === 'trusted';
  }
}

class Shout implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((text) => String(text).toUpperCase()));
  }
}

@Agent({
  role: 'assistant',
  description: 'Answers.',
  instructions: 'Answer.',
  limits: { maxTurns: 4, maxTokens: 1000 },
})
class WeatherAgent {
  constructor(private readonly forecasts: Forecasts) {}

  @Tool({ description: 'The forecast for a city', idempotent: true })
  async forecast({ city }: CityInput, { idempotencyKey }: ToolContext): Promise<object> {
    this.forecasts.asked.push({ city, key: idempotencyKey });
    this.forecasts.mostConcurrent = Math.max(this.forecasts.mostConcurrent, ++this.forecasts.concurrent);
    await new Promise((resolve) => setTimeout(resolve, 10));
    this.forecasts.concurrent--;
    return { city, sky: 'rain' };
  }

  @Tool({ description: 'Adds', input: z.object({ a: z.number(), b: z.number().optional() }) })
  add({ a, b = 0 }: { a: number; b?: number }): number {
    return a + b;
  }

  @Tool({ description: 'Takes null', input: z.object({ n: z.string().nullable() }) })
  nullable({ n }: { n: string | null }): string {
    return `${n}`;
  }

  @Tool({ description: 'Takes its context' })
  context({ callId }: ToolContext): string {
    return callId;
  }

  @Tool({ description: 'Fails with a secret' })
  fail(): never {
    throw new Error('password 1234');
  }

  @Tool({ description: 'Never ends', timeoutMs: 30 })
  hang(): Promise<never> {
    return new Promise(() => undefined);
  }

  @Tool({ description: 'Says much' })
  ramble(): string {
    return 'x'.repeat(1_000_000);
  }

  @UseGuards(TenantGuard)
  @Tool({ description: 'For the trusted' })
  guarded(): string {
    return 'secret';
  }

  @UseInterceptors(Shout)
  @Tool({ description: 'Loud' })
  loud(): string {
    return 'hello';
  }
}

@Agent({ role: 'other', description: 'Has a tool of its own.', instructions: 'Answer.' })
class OtherAgent {
  @Tool({ description: "Another agent's" })
  foreign(): string {
    return 'not yours';
  }
}

let app: TestApp;

afterEach(() => app.close());

async function start(...turns: ScriptedTurn[]): Promise<{ runner: AgentRunnerService; model: ScriptedModel }> {
  const model = new ScriptedModel(...turns);
  app = await createTestApp({ model, providers: [Forecasts, TenantGuard, WeatherAgent, OtherAgent] });
  return { runner: app.runner, model };
}

async function eventsOf(runner: AgentRunnerService, tenant = 'default'): Promise<RunEvent[]> {
  const principal = { tenant, id: 'test' };
  return await Array.fromAsync(runner.stream({ message: 'Go', session_id: 's' }, { principal }));
}

/** The tool results for the calls of the first turn. */
async function resultsAfter(turn: ScriptedTurn, tenant?: string): Promise<string[]> {
  const { runner, model } = await start(turn, 'Done.');
  const events = await eventsOf(runner, tenant);
  expect(events.at(-1)).toMatchObject({ type: 'run.completed', response: { reply: 'Done.' } });
  return (model.requests[1]?.messages ?? []).flatMap(({ role, content }) => (role === 'tool' ? [content] : []));
}

describe('the tools of an agent', () => {
  it('run in parallel, emit events, and return results to the model in order', async () => {
    const cities = ['Oslo', 'Rome', 'Lima'];
    const { runner, model } = await start(
      cities.map((city) => ({ tool: 'forecast', arguments: { city, days: null } })),
      'It rains.',
    );
    const events = await eventsOf(runner);
    const types = events.map(({ type }) => type);
    expect(types.slice(0, 4)).toEqual(['run.started', 'tool.started', 'tool.started', 'tool.started']);
    expect(types.slice(4)).toEqual([
      ...Array(3).fill('tool.completed'),
      ...Array(2).fill('message.delta'),
      'run.completed',
    ]);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    expect(events[1]).toMatchObject({ call_id: 'call-1-0', tool: 'forecast', arguments: { city: 'Oslo' } });
    expect(events.at(-1)).toMatchObject({ response: { reply: 'It rains.', tokens_used: 30 } });

    const results = model.requests[1]?.messages ?? [];
    expect(results.map(({ role, content }) => [role, content]).slice(2)).toEqual(
      cities.map((city) => ['tool', JSON.stringify({ city, sky: 'rain' })]),
    );
    const { asked, mostConcurrent } = app.module.get(Forecasts);
    expect(mostConcurrent).toBe(3);
    expect(new Set(asked.map(({ key }) => key)).size).toBe(3);
  });

  it('are sent to the model with strict schemas', async () => {
    const { runner, model } = await start('Hello.');
    await runner.run({ message: 'Hello' });
    const tools = new Map(model.requests[0]?.tools.map((tool) => [tool.name, tool.parameters]));
    expect(tools.get('forecast')).toEqual({
      type: 'object',
      properties: {
        city: { type: 'string' },
        days: { type: ['integer', 'null'], minimum: 1 },
        unit: { type: ['string', 'null'], enum: ['c', 'f', null] },
      },
      required: ['city', 'days', 'unit'],
      additionalProperties: false,
    });
    expect(tools.get('add')).toMatchObject({ required: ['a', 'b'], additionalProperties: false });
    expect(tools.has('foreign')).toBe(false);
  });

  it('are stored in the session and sent with the next run', async () => {
    const { runner, model } = await start([{ tool: 'add', arguments: { a: 2, b: 3 } }], 'Five.', 'Still five.');
    await runner.run({ message: 'Add', session_id: 's' });
    await runner.run({ message: 'Again', session_id: 's' });
    expect(model.requests[2]?.messages).toEqual([
      { role: 'user', content: 'Add' },
      {
        role: 'assistant',
        content: '',
        toolCalls: [{ callId: 'call-1-0', name: 'add', arguments: '{"a":2,"b":3}' }],
      },
      { role: 'tool', callId: 'call-1-0', tool: 'add', content: '5' },
      { role: 'assistant', content: 'Five.' },
      { role: 'user', content: 'Again' },
    ]);
  });

  it.each([
    ['a wrong type', { tool: 'forecast', arguments: { city: 7 } }, /city must be a string/],
    ['a missing field', { tool: 'forecast' }, /city must be a string/],
    ['an unknown field', { tool: 'forecast', arguments: { city: 'Oslo', country: 'NO' } }, /country should not exist/],
    ['a broken rule', { tool: 'forecast', arguments: { city: 'Oslo', days: 0 } }, /days must not be less than 1/],
    ['a broken rule of a Standard Schema', { tool: 'add', arguments: { a: 'one' } }, /^Error: a: /],
    ['arguments that are not an object', { tool: 'forecast', arguments: '[1]' }, /must be an object/],
    ['arguments that are not JSON', { tool: 'forecast', arguments: '{"city": "Os' }, /not JSON/],
    ['a megabyte', { tool: 'forecast', arguments: JSON.stringify({ city: 'x'.repeat(1_000_000) }) }, /longer than/],
    ['an unknown tool', { tool: 'fly' }, /No tool "fly". Offered: forecast, add/],
    ["another agent's tool", { tool: 'foreign' }, /No tool "foreign"/],
    ['a tool of every object', { tool: 'constructor' }, /No tool "constructor"/],
  ])('are never called with %s, and the model gets the reason', async (_, call, results) => {
    expect((await resultsAfter([call]))[0]).toMatch(results);
    expect(app.module.get(Forecasts).asked).toEqual([]);
  });

  it('receive an explicit null', async () => {
    expect(await resultsAfter([{ tool: 'nullable', arguments: { n: null } }])).toEqual(['null']);
  });

  it('can have the context as their only parameter', async () => {
    expect(await resultsAfter([{ tool: 'context' }])).toEqual(['call-1-0']);
  });

  it('report a failure to the model without its cause', async () => {
    expect(await resultsAfter([{ tool: 'fail' }])).toEqual(['Error: fail failed.']);
  });

  it('are abandoned after their own timeout', async () => {
    expect(await resultsAfter([{ tool: 'hang' }])).toEqual(['Error: hang took longer than 30 ms.']);
  });

  it('are truncated if their result is too long', async () => {
    const [output = ''] = await resultsAfter([{ tool: 'ramble' }]);
    expect(output.length).toBeLessThan(70_000);
    expect(output).toMatch(/\[cut: \d+ more characters\]$/);
  });

  it('run behind the guards of the method, with the caller as principal', async () => {
    expect(await resultsAfter([{ tool: 'guarded' }])).toEqual(['Error: guarded failed.']);
    await app.close();
    expect(await resultsAfter([{ tool: 'guarded' }], 'trusted')).toEqual(['secret']);
  });

  it('run within the interceptors of the method', async () => {
    expect(await resultsAfter([{ tool: 'loud' }])).toEqual(['HELLO']);
  });

  it('are called 32 times at most in one turn', async () => {
    const results = await resultsAfter(Array.from({ length: 1000 }, () => ({ tool: 'add', arguments: { a: 1 } })));
    expect(results.filter((text) => text === '1')).toHaveLength(32);
    expect(results.filter((text) => /At most 32/.test(text))).toHaveLength(968);
  });

  it('stop at the turn limit of the agent', async () => {
    const { runner, model } = await start(...Array.from({ length: 9 }, () => [{ tool: 'add', arguments: { a: 1 } }]));
    await expect(runner.run({ message: 'Go' })).rejects.toMatchObject({
      code: 'model_error',
      message: expect.stringMatching(/4 turns/),
    });
    expect(model.requests).toHaveLength(4);
  });

  it('are abandoned with the run', async () => {
    const { runner } = await start([{ tool: 'hang' }]);
    const controller = new AbortController();
    const events: RunEvent[] = [];
    for await (const event of runner.stream({ message: 'Go' }, { signal: controller.signal })) {
      events.push(event);
      if (event.type === 'tool.started') controller.abort();
    }
    expect(events.map(({ type }) => type)).toEqual(['run.started', 'tool.started', 'run.cancelled']);
  });
});
