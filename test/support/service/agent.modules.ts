import { transformSync } from '@swc/core';

/** Compiles TypeScript with decorators to a module, as a user does. */
export function compiled(source: string): string {
  return transformSync(source, {
    jsc: {
      target: 'es2023',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
    },
    module: { type: 'es6' },
  }).code;
}

/** An agent in code that injects a provider. Its tool appends its name to `lib/calls.log`. */
export const WEATHER = `
import { appendFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { IsString, MaxLength } from 'class-validator';
import { Agent, Guardrail, Tool, ToolError } from 'rookery';
import { z } from 'zod';
import { sky } from './lib/sky.js';

class CityInput { @IsString() @MaxLength(20) city: string; }

@Injectable()
export class Calls {
  record(name: string): void { appendFileSync(new URL('./lib/calls.log', import.meta.url), name + '\\n'); }
}

export class NoRain extends Guardrail {
  override checkInput({ text }: { text: string }) { return text.includes('rain') ? 'No rain here.' : undefined; }
}

@Agent({ role: 'weather', description: 'Knows the weather.', instructions: 'Be brief.' })
export class WeatherAgent {
  constructor(private readonly calls: Calls) {}

  @Tool({ description: 'The forecast for a city' })
  forecast({ city }: CityInput): string {
    this.calls.record('forecast');
    if (city === 'Atlantis') throw new ToolError('Atlantis has no weather.');
    return city + ': ' + sky;
  }

  @Tool({ description: 'Warns a city', input: z.object({ city: z.string() }), needsApproval: true })
  warn({ city }: { city: string }): string {
    return city + ' is warned.';
  }
}
`;
