import { ConfigurableModuleBuilder, Module } from '@nestjs/common';
import { RookeryClient } from '../rookery.client.js';
import { type AgentClientModuleOptions, checked } from './agent-client.options.js';
import { agentClientToken } from './agent-client.token.js';
import { HostShutdown } from './host.shutdown.js';
import { tracedFetch } from './traced.fetch.js';

/** What is chosen where the module is imported, since it decides what the module is made of. */
interface Extras {
  /** Tells several clients of an application apart: `@InjectAgentClient(name)` has this one. Default: none. */
  name?: string | undefined;
  /** Whether all modules of the application have the client. Default: false. */
  isGlobal?: boolean;
}

const EXTRAS: Extras = { name: undefined, isGlobal: false };
const OPTIONS = Symbol('AgentClientModuleOptions');

const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<AgentClientModuleOptions>({
  optionsInjectionToken: OPTIONS,
})
  .setExtras(EXTRAS, (definition, { name, isGlobal = false }) => {
    const token = agentClientToken(name);
    const useFactory = (options: AgentClientModuleOptions, shutdown: HostShutdown): Promise<RookeryClient> =>
      clientOf(checked(options, name), shutdown);
    return {
      ...definition,
      global: isGlobal,
      providers: [...(definition.providers ?? []), { provide: token, inject: [OPTIONS, HostShutdown], useFactory }],
      exports: [token],
    };
  })
  .build();

/**
 * A client of a Rookery service for the applications that call it: `RookeryClient` to inject, or under a name
 * `@InjectAgentClient(name)`. Its calls, streams and waits end when the application shuts down.
 *
 * The application does not start where an option is wrong; the error names all that are.
 *
 * @example
 * \@Module({ imports: [AgentClientModule.register({ baseUrl: 'http://127.0.0.1:8000' })], providers: [Helpdesk] })
 * export class AppModule {}
 */
@Module({ providers: [HostShutdown] })
export class AgentClientModule extends ConfigurableModuleClass {}

async function clientOf(options: AgentClientModuleOptions, { signal }: HostShutdown): Promise<RookeryClient> {
  const { traceContext = false, ...ofClient } = options;
  return new RookeryClient({
    ...ofClient,
    ...(traceContext && { fetch: await tracedFetch(options.fetch) }),
    signal: options.signal === undefined ? signal : AbortSignal.any([options.signal, signal]),
  });
}
