import { DiscoveryModule, DiscoveryService } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { Agent } from './agent.decorator.js';
import { AgentRegistry } from './agent.registry.js';

@Agent({ role: 'poet', description: 'Answers in verse.', instructions: 'Rhyme.', model: 'verse-1' })
class PoetAgent {}

@Agent({ role: 'clerk', description: 'Answers in prose.', instructions: 'Do not rhyme.' })
class ClerkAgent {}

@Agent({ role: 'poet', description: ' ', instructions: 'Rhyme too.' })
class SecondPoetAgent {}

@Agent({ role: 'Not A Role', description: 'Answers.', instructions: '' })
class NamelessAgent {}

async function registryOf(...agents: (new () => object)[]): Promise<AgentRegistry> {
  const module = await Test.createTestingModule({
    imports: [DiscoveryModule],
    providers: [
      ...agents,
      {
        provide: AgentRegistry,
        inject: [DiscoveryService],
        useFactory: (discovery: DiscoveryService) => new AgentRegistry(discovery, 'gpt-4o'),
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
    expect(registry.get('clerk').instructions).toBe('Do not rhyme.');
  });

  it('names the offered roles when there is none of that name', async () => {
    const registry = await registryOf(PoetAgent, ClerkAgent);
    expect(() => registry.get('pote')).toThrow('No agent "pote". Offered: poet, clerk.');
  });

  it('lists every fault at once and does not start', async () => {
    const start = registryOf(PoetAgent, SecondPoetAgent, NamelessAgent);
    await expect(start).rejects.toThrow(
      [
        'The agents cannot be offered:',
        '- SecondPoetAgent: its description is empty.',
        '- SecondPoetAgent: role "poet" is taken by another agent.',
        '- NamelessAgent: role "Not A Role" must be 1–64 of a–z 0–9 _ -.',
        '- NamelessAgent: its instructions are empty.',
      ].join('\n'),
    );
  });
});
