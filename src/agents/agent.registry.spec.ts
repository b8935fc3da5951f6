import { DiscoveryModule, DiscoveryService, MetadataScanner, ModuleRef } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { Agent } from './agent.decorator.js';
import type { AgentsModuleOptions } from './agents.options.js';
import { IsString } from 'class-validator';
import { AgentRegistry } from './agent.registry.js';
import { Tool } from './tool.decorator.js';
import { ToolReader } from './tool.reader.js';

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

const registryOf = (...agents: (new () => object)[]) =>
  registryWith({ defaultModel: 'gpt-4o', modelNames: undefined }, ...agents);

async function registryWith(options: AgentsModuleOptions, ...agents: (new () => object)[]): Promise<AgentRegistry> {
  const module = await Test.createTestingModule({
    imports: [DiscoveryModule],
    providers: [
      ...agents,
      MetadataScanner,
      ToolReader,
      {
        provide: AgentRegistry,
        inject: [DiscoveryService, ToolReader, ModuleRef],
        useFactory: (discovery: DiscoveryService, tools: ToolReader, modules: ModuleRef) =>
          new AgentRegistry(discovery, tools, modules, options),
      },
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
    const options = { defaultModel: 'fast', modelNames: ['fast', 'big'] };
    await expect(registryWith(options, ClerkAgent)).resolves.toBeDefined();
    await expect(registryWith(options, PoetAgent)).rejects.toThrow(
      'PoetAgent: no provider has its model "verse-1"; offered: fast, big.',
    );
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
