import { optionFaults, type Rule } from '../client.option.rules.js';
import type { RookeryClientOptions } from '../client.options.js';

/**
 * The options of the client, and those that only a Nest application has.
 *
 * @example
 * import { Module } from '@nestjs/common';
 * import { AgentClientModule } from 'rookery/client/nest';
 *
 * const useFactory = () => ({
 *   baseUrl: 'https://agents.example.com',
 *   apiKey: process.env.AGENTS_KEY,
 *   traceContext: true,
 * });
 *
 * \@Module({ imports: [AgentClientModule.registerAsync({ name: 'billing', useFactory })] })
 * export class BillingModule {}
 */
export interface AgentClientModuleOptions extends RookeryClientOptions {
  /**
   * Sends the active W3C trace context of `@opentelemetry/api` with each call. Leave it out if an instrumentation of
   * `fetch` already does so. Default: false.
   */
  readonly traceContext?: boolean | undefined;
}

const FURTHER: Readonly<Record<string, Rule>> = {
  traceContext: (value) => (typeof value === 'boolean' ? undefined : 'must be true or false'),
};

/**
 * Returns the options unchanged.
 *
 * @throws Error that names the client and every invalid option.
 */
export function checked(options: AgentClientModuleOptions, name: string | undefined): AgentClientModuleOptions {
  const faults = [...optionFaults(options, FURTHER)];
  if (faults.length === 0) return options;
  const which = name === undefined ? '' : ` "${name}"`;
  throw new Error(`AgentClientModule${which}: ${faults.join('; ')}.`);
}
