import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { WsAdapter } from '@nestjs/platform-ws';
import type { DestinationStream, Logger } from 'pino';
import { builtInAgents } from './agents/builtin.agents.js';
import { failureReason } from './command.line.js';
import type { Environment } from './settings/environment.js';
import { createAdapter, setUpHttp } from './http.setup.js';
import { HostPolicy } from './host.policy.js';
import { createLogger, NestLog } from './observability/logger.js';
import { collectRoutes, refuseOtherMethods } from './error.responses.js';
import { startRpc } from './rpc.setup.js';
import { setUpOpenApi } from './openapi/openapi.setup.js';
import { banner, startFacts } from './startup/start.facts.js';
import { listenFailure } from './startup/listen.failure.js';
import { listenOn } from './startup/listeners.js';
import { ModelCheck } from './startup/model.check.js';
import type { FolderAgents } from './files/agents.folder.js';
import { ServiceModule } from './service.module.js';
import { isLoopback } from './settings/setting.rules.js';
import { isTraced } from './settings/tracing.settings.js';
import { version } from './version.js';

/**
 * Builds the application and starts to listen.
 *
 * @param log receives the lines of the log; undefined: standard output, in a process that signals end.
 * @throws Error with the reason if the start fails.
 */
export async function listen(environment: Environment, log?: DestinationStream): Promise<INestApplication> {
  try {
    return await start(environment, log);
  } catch (failure) {
    throw new Error(failureReason(failure), { cause: failure });
  }
}

async function start(environment: Environment, log?: DestinationStream): Promise<INestApplication> {
  const { LOG_FORMAT = process.stdout.isTTY ? 'pretty' : 'json' } = environment;
  const isPretty = LOG_FORMAT === 'pretty' && log === undefined;
  const logger = createLogger({ level: environment.LOG_LEVEL, isPretty, isTraced: isTraced(environment) }, log);
  for (const { variable, setting } of environment.misspelt) {
    logger.warn({ variable, setting }, 'this variable is not a setting; its name resembles one');
  }
  const agents = await agentsOfFiles(environment, logger);
  const endTracing = await beginTracing(environment, logger);
  const app = await NestFactory.create<NestFastifyApplication>(
    ServiceModule.with(environment, agents, endTracing),
    createAdapter(environment),
    { logger: new NestLog(logger), bodyParser: false, abortOnError: false },
  );
  const fastify = app.getHttpAdapter().getInstance();
  const routes = collectRoutes(fastify);
  setUpHttp(app, environment, logger);
  setUpOpenApi(app, version(), environment);
  // The gateway parses its own frames.
  app.useWebSocketAdapter(new WsAdapter(app, { messageParser: () => undefined }));
  if (log === undefined) app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  await app.init();
  await startRpc(app, environment, logger);
  refuseOtherMethods(fastify, new Map(routes));
  try {
    await listenOn(app, { host: environment.HOST, port: environment.PORT });
  } catch (failure) {
    throw listenFailure(failure, environment);
  }
  warnOfHosts(environment, logger);
  warnOfPlainProviders(environment, logger);
  const facts = startFacts(environment, await app.getUrl());
  if (isPretty && logger.isLevelEnabled('info')) process.stdout.write(banner(facts, version(), environment));
  const allowedHosts = new HostPolicy(environment.allowedHosts).describe();
  logger.info({ ...facts, allowed_hosts: allowedHosts }, 'listening');
  if (environment.isModelChecked) void app.get(ModelCheck).run(environment.AGENT_MODEL);
  return app;
}

/** Loads the reader only if there is a folder: otherwise the start must not take longer. */
async function agentsOfFiles(environment: Environment, logger: Logger): Promise<FolderAgents> {
  const { AGENTS_DIR: folder, agentSecrets: secrets, isStdioMcpAllowed: mayRunPrograms, modelNames } = environment;
  if (folder === undefined) return { providers: [], versions: {} };
  const { readAgentsFolder } = await import('./files/agents.folder.js');
  const rights = { secrets, mayRunPrograms, modelNames };
  const agents = await readAgentsFolder(folder, builtInAgents(environment), rights);
  logger.info({ folder, versions: agents.versions }, 'agents of files read');
  return agents;
}

/** Warns if the service listens for other machines but allows only loopback host names. */
function warnOfHosts({ HOST, allowedHosts }: Environment, logger: Logger): void {
  if (isLoopback(HOST) || allowedHosts.length > 0) return;
  logger.warn('only requests for loopback names are answered; set ALLOWED_HOSTS to the host names of the service');
}

/** Warns of providers whose key travels in clear text. URLs are not logged: they may contain a password. */
function warnOfPlainProviders(environment: Environment, logger: Logger): void {
  const { models, fallbacks, OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl } = environment;
  const others = [...fallbacks, ...Object.values(models)].map(({ provider }) => provider);
  const hosts = [{ apiKey, baseUrl }, ...others].flatMap((provider) => plainHostOf(provider) ?? []);
  for (const host of new Set(hosts)) {
    logger.warn({ host }, 'the key of a model provider is sent in clear text; use https in its base URL');
  }
}

/** The host to which a provider's key is sent without TLS; undefined: none, or this machine. */
function plainHostOf(provider: unknown): string | undefined {
  if (typeof provider !== 'object' || provider === null || !('apiKey' in provider && 'baseUrl' in provider))
    return undefined;
  const { apiKey, baseUrl } = provider;
  if (apiKey === undefined || typeof baseUrl !== 'string' || !URL.canParse(baseUrl)) return undefined;
  const { protocol, hostname, host } = new URL(baseUrl);
  return protocol === 'http:' && !isLoopback(hostname) ? host : undefined;
}

/** Loads the SDK only if a collector is set: otherwise tracing costs nothing. */
async function beginTracing(environment: Environment, logger: Logger): Promise<() => Promise<void>> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = environment;
  if (endpoint === undefined) return () => Promise.resolve();
  const { startTracing } = await import('./observability/tracing.js');
  return startTracing(endpoint, environment, version(), logger);
}
