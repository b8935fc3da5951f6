import { DiscoveryModule, MetadataScanner } from '@nestjs/core';
import { Injectable } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { keepQuiet } from '../../test/support/quiet.js';
import { Agent } from './agent.decorator.js';
import { AgentsModuleOptions } from './agents.options.js';
import { IsString } from 'class-validator';
import { AgentRegistry } from './agent.registry.js';
import { Tool } from './tool.decorator.js';
import { ToolReader } from './tool.reader.js';

const captured = keepQuiet();

@Agent({ role: 'poet', description: 'Answers in verse.', instructions: 'Rhyme.', model: 'verse-1' })
class PoetAgent {}

@Agent({ role: 'clerk', description: 'Answers in prose.', instructions: 'Do not rhyme.' })
class ClerkAgent {}

@Agent({ role: 'poet', description: ' ', instructions: 'Rhyme too.' })
class SecondPoetAgent {}

@Agent({ role: 'Not A Role', description: 'Answers.', instructions: '' })
class NamelessAgent {}

class CityInput {
  @IsString()
  city: string;
}

@Agent({ role: 'weather', description: 'Answers about the weather.', instructions: 'Be brief.' })
class WeatherAgent {
  @Tool({ description: 'The forecast for a city' })
  dailyForecast({ city }: CityInput): string {
    return `Rain in ${city}`;
  }

  @Tool({ description: 'The time', name: 'now' })
  time(): string {
    return 'noon';
  }
}

@Agent({ role: 'faulty', description: 'Has tools that are not.', instructions: 'Fail.' })
class FaultyAgent {
  @Tool({ description: '' })
  silent(): void {}

  @Tool({ description: 'Takes anything' })
  shapeless(input: object): object {
    return input;
  }

  @Tool({ description: 'First', name: 'same' })
  first(): void {}

  @Tool({ description: 'Second', name: 'same' })
  second(): void {}
}

/** An application without types may leave out anything. */
const without = Object({}).valueOf();

@Agent(without)
class BareAgent {
  @Tool(without)
  bare(): void {}

  @Tool({ description: ' ' })
  shapeless(input: object): object {
    return input;
  }
}

/** As an application without types writes them. */
const misspelt = Object({
  role: 'typos',
  description: 'Has options that do not exist.',
  instructions: 'Fail.',
  handoff: ['poet'],
  limits: { maxTurn: 4, maxTokens: 0.5 },
  mcp: [{ name: 'files', url: 'http://127.0.0.1:1/mcp', needsAproval: ['write'] }],
}).valueOf();

@Agent(misspelt)
class MisspeltAgent {
  @Tool(Object({ description: 'Pays back', timeout: 100, retry: { mots: 2, most: 11 }, timeoutMs: 0 }).valueOf())
  refund(): void {}
}

@Agent(Object({ ...misspelt, handoffs: 'poet', limits: { maxTurns: '4' }, mcp: null }).valueOf())
class MistypedAgent {
  @Tool(Object({ description: 'Pays back', idempotent: 'yes', retry: 3 }).valueOf())
  refund(): void {}
}

const ORDER = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  properties: { order_id: { $ref: '#/definitions/id' }, note: { type: 'string' } },
  required: ['order_id'],
  additionalProperties: false,
  definitions: { id: { type: 'string', pattern: '^A-[0-9]{4}$' } },
};

@Agent({ role: 'orders', description: 'Knows orders.', instructions: 'Be brief.', output: ORDER })
class OrdersAgent {
  @Tool({ description: 'Finds an order', input: ORDER })
  find({ order_id }: { order_id: string }): string {
    return order_id;
  }

  @Tool({ description: 'The forecast for a city', input: CityInput })
  forecast({ city }: { city: string }): string {
    return city;
  }
}

class NoRules {
  city: string;
}

@Agent({ role: 'odd', description: 'Has odd schemas.', instructions: 'Fail.', output: NoRules })
class OddAgent {
  @Tool({ description: 'Takes a list', input: { type: 'array' } })
  list(input: unknown): unknown {
    return input;
  }

  @Tool({ description: 'Takes a text', input: { type: 'object', properties: { a: { type: 'text' } } } })
  text(input: unknown): unknown {
    return input;
  }

  @Tool({ description: 'Takes what is elsewhere', input: { type: 'object', properties: { a: { $ref: '#/$defs/b' } } } })
  elsewhere(input: unknown): unknown {
    return input;
  }

  @Tool({ description: 'Takes a class', input: NoRules })
  norules(input: unknown): unknown {
    return input;
  }

  @Tool({ description: 'Takes a word as its schema', input: Object('city').valueOf() })
  word(input: unknown): unknown {
    return input;
  }
}

@Injectable()
class RefundService {
  @Tool({ description: 'Pays back' })
  refund(): void {}
}

class SharedTools {
  @Tool({ description: 'The time' })
  now(): string {
    return 'noon';
  }
}

@Agent({ role: 'shared', description: 'Has the tools of its parent.', instructions: 'Be brief.' })
class SharedAgent extends SharedTools {}

const registryOf = (...agents: (new () => object)[]) =>
  registryWith(
    { defaultModel: 'gpt-4o', modelNames: undefined, globalEnhancersOnTools: true, versions: {} },
    ...agents,
  );

async function registryWith(options: AgentsModuleOptions, ...agents: (new () => object)[]): Promise<AgentRegistry> {
  const module = await Test.createTestingModule({
    imports: [DiscoveryModule],
    providers: [
      ...agents,
      MetadataScanner,
      ToolReader,
      AgentRegistry,
      { provide: AgentsModuleOptions, useValue: options },
    ],
  }).compile();
  await module.init();
  return module.get(AgentRegistry);
}

describe('AgentRegistry', () => {
  it('finds the agents among the providers, each with its model', async () => {
    const registry = await registryOf(PoetAgent, ClerkAgent);
    expect(registry.list().map(({ role, model }) => [role, model])).toEqual([
      ['poet', 'verse-1'],
      ['clerk', 'gpt-4o'],
    ]);
    expect(registry.list().map(({ description }) => description)).toEqual(['Answers in verse.', 'Answers in prose.']);
  });

  it('refuses a model that no provider has', async () => {
    const options = { defaultModel: 'fast', modelNames: ['fast', 'big'], globalEnhancersOnTools: true, versions: {} };
    await expect(registryWith(options, ClerkAgent)).resolves.toBeDefined();
    await expect(registryWith(options, PoetAgent)).rejects.toThrow(
      'PoetAgent: no provider has its model "verse-1"; offered: fast, big.',
    );
  });

  it('gives an agent no version that is not its own', async () => {
    @Agent({ role: 'constructor', description: 'Builds.', instructions: 'Build.' })
    class BuilderAgent {}

    expect((await registryOf(BuilderAgent)).get('constructor').version).toBeUndefined();
  });

  it('names the offered roles if a role is unknown', async () => {
    const registry = await registryOf(PoetAgent, ClerkAgent);
    expect(() => registry.get('pote')).toThrow('No agent "pote". Offered: poet, clerk.');
  });

  it('reads the tools of an agent from its methods', async () => {
    const { tools } = (await registryOf(WeatherAgent)).get('weather');
    expect([...tools.keys()]).toEqual(['daily_forecast', 'now']);
    expect(tools.get('daily_forecast')?.input.schema).toEqual({
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    });
  });

  it('lists the faults of tools with those of agents', async () => {
    await expect(registryOf(FaultyAgent)).rejects.toThrow(
      [
        '- FaultyAgent: tool "silent": its description is empty.',
        '- FaultyAgent: tool "shapeless": its first parameter has no schema: make it a class-validator DTO, or give `input`.',
        '- FaultyAgent: two of its tools have the name "same".',
      ].join('\n'),
    );
  });

  it('names what an agent and its tools lack', async () => {
    await expect(registryOf(BareAgent)).rejects.toThrow(
      [
        'The agents are not valid:',
        "- BareAgent: its role is missing: write role: 'assistant', for example.",
        '- BareAgent: its description is missing.',
        '- BareAgent: its instructions are missing: write them, or a method `instructions`.',
        '- BareAgent: tool "bare": its description is missing.',
        '- BareAgent: tool "shapeless": its description is empty.',
        '- BareAgent: tool "shapeless": its first parameter has no schema: make it a class-validator DTO, or give `input`.',
      ].join('\n'),
    );
  });

  it('names unknown options with the nearest known one, and limits that cannot be', async () => {
    await expect(registryOf(MisspeltAgent)).rejects.toThrow(
      [
        'The agents are not valid:',
        '- MisspeltAgent: its handoff is not an option. Did you mean handoffs?',
        '- MisspeltAgent: its limits.maxTurn is not an option. Did you mean limits.maxTurns?',
        '- MisspeltAgent: its mcp[0].needsAproval is not an option. Did you mean mcp[0].needsApproval?',
        '- MisspeltAgent: tool "refund": its timeout is not an option. Did you mean timeoutMs?',
        '- MisspeltAgent: tool "refund": its retry.mots is not an option. Known: most, initialMs, factor.',
        '- MisspeltAgent: tool "refund": its timeoutMs must be from 1 to 2147483647, not 0.',
        '- MisspeltAgent: tool "refund": its retry.most must be a whole number from 1 to 10.',
        '- MisspeltAgent: its limits.maxTokens must be a whole number from 1, or Infinity, not 0.5.',
      ].join('\n'),
    );
  });

  it('names options of another type', async () => {
    await expect(registryOf(MistypedAgent)).rejects.toThrow(
      [
        '- MistypedAgent: its handoff is not an option. Did you mean handoffs?',
        '- MistypedAgent: its limits.maxTurns must be a number, not a string.',
        '- MistypedAgent: its mcp must be a list, not null.',
        '- MistypedAgent: its handoffs must be a list, not a string.',
        '- MistypedAgent: tool "refund": its idempotent must be a boolean, not a string.',
        '- MistypedAgent: tool "refund": its retry must be an object, not a number.',
      ].join('\n'),
    );
  });

  it('accepts a JSON Schema, and a class, as the input of a tool and as the answer of an agent', async () => {
    const { tools, output } = (await registryOf(OrdersAgent)).get('orders');
    const input = tools.get('find')?.input;
    for (const schema of [input, output]) {
      expect(schema?.isStrict).toBe(true);
      await expect(schema?.parse({ order_id: 'A-1001' })).resolves.toEqual({ order_id: 'A-1001' });
      await expect(schema?.parse({ order_id: 'A-1001', note: null })).resolves.toEqual({ order_id: 'A-1001' });
      await expect(schema?.parse({ order_id: 1, more: 2 })).rejects.toThrow(
        'It must NOT have additional properties ("more"); /order_id must be string',
      );
    }
    await expect(tools.get('forecast')?.input.parse({ city: 1 })).rejects.toThrow('city must be a string');
  });

  it('names what it cannot use as a schema', async () => {
    await expect(registryOf(OddAgent)).rejects.toThrow(
      [
        '- OddAgent: tool "list": its schema must be of type "object".',
        '- OddAgent: tool "text": its schema is invalid: data/properties/a/type must be equal to one of the allowed values',
      ].join('\n'),
    );
    const rest = [
      'tool "elsewhere": its schema refers to #/$defs/b, which does not exist.',
      'tool "norules": its schema NoRules has no validation rules of class-validator.',
      'tool "word": its schema must be a class-validator DTO, a Standard Schema or a JSON Schema.',
      'its output: its schema NoRules has no validation rules of class-validator.',
    ];
    for (const each of rest) await expect(registryOf(OddAgent)).rejects.toThrow(`- OddAgent: ${each}`);
  });

  it('names a class that has tools and is not an agent', async () => {
    await expect(registryOf(PoetAgent, RefundService)).rejects.toThrow(
      '- RefundService: "refund" has @Tool, but no agent offers it: add @Agent to the class, or move the method.',
    );
    await expect(registryOf(SharedAgent, SharedTools)).resolves.toBeDefined();
  });

  it('warns of an application without agents, and tells callers', async () => {
    const registry = await registryOf();
    expect(captured.warnings).toEqual([
      expect.stringContaining('The application has no agents. List a class with @Agent in the providers of a module.'),
    ]);
    expect(() => registry.get('assistant')).toThrow('No agent "assistant". The service has no agents.');
  });

  it('lists every fault at once and does not start', async () => {
    const start = registryOf(PoetAgent, SecondPoetAgent, NamelessAgent);
    await expect(start).rejects.toThrow(
      [
        'The agents are not valid:',
        '- SecondPoetAgent: its description is empty.',
        '- SecondPoetAgent: role "poet" is taken by another agent.',
        '- NamelessAgent: role "Not A Role" must be 1–64 of a–z 0–9 _ -.',
        '- NamelessAgent: its instructions are empty.',
      ].join('\n'),
    );
  });
});
