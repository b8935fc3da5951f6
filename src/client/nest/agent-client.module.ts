import { ConfigurableModuleBuilder, Module } from '@nestjs/common';
import { RookeryClient } from '../rookery.client.js';
import { type AgentClientModuleOptions, checked } from './agent-client.options.js';
import { agentClientToken } from './agent-client.token.js';
import { HostShutdown } from './host.shutdown.js';
import { tracedFetch } from './traced.fetch.js';

/** Options that are fixed at the import, because they decide which providers the module has. */
interface Extras {
  /** Names one of several clients of an application, for `@InjectAgentClient(name)`. Default: none. */
  name?: string | undefined;
  /** Makes the client available to all modules of the application. Default: false. */
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
 * A client of a Rookery service, for applications that call it. Inject `RookeryClient`, or a named client with
 * `InjectAgentClient`. Its calls, streams and waits end when the application shuts down.
 *
 * `register` takes `AgentClientModuleOptions`, and `registerAsync` takes a factory of them. Both also take `name` and
 * `isGlobal`. The application does not start if an option is invalid. The error names every invalid option.
 *
 * @example
 * import { Injectable, Module } from '@nestjs/common';
 * import { RookeryClient } from 'rookery/client';
 * import { AgentClientModule } from 'rookery/client/nest';
 *
 * \@Injectable()
 * export class Helpdesk {
 *   constructor(private readonly agents: RookeryClient) {}
 *
 *   answer = (message: string) => this.agents.chat({ message });
 * }
 *
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
