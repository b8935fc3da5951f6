import { readFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { WsAdapter } from '@nestjs/platform-ws';
import { readEnvironment } from './environment.js';
import { createAdapter, setUpHttp } from './http.setup.js';
import { createLogger, NestLog } from './logger.js';
import { collectRoutes, refuseOtherMethods } from './refusals.js';
import { setUpOpenApi } from './openapi.setup.js';
import { ServiceModule } from './service.module.js';

/** Connections that may wait to be accepted: with the default of 511 a crowd is made to wait for a second. */
const BACKLOG = 4096;

/** Starts the service with the settings of the environment. @throws Error that says what stands in the way. */
export async function startService(): Promise<void> {
  const environment = readEnvironment(process.env);
  const logger = createLogger(environment.LOG_LEVEL);
  const app = await NestFactory.create<NestFastifyApplication>(
    ServiceModule.with(environment),
    createAdapter(environment),
    { logger: new NestLog(logger), bodyParser: false, abortOnError: false },
  );
  const fastify = app.getHttpAdapter().getInstance();
  const routes = collectRoutes(fastify);
  setUpHttp(app, environment, logger);
  setUpOpenApi(app, version(), environment.AUTH_MODE);
  // The gateway reads its frames itself; there is nothing for the adapter to parse.
  app.useWebSocketAdapter(new WsAdapter(app, { messageParser: () => undefined }));
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  await app.init();
  refuseOtherMethods(fastify, new Map(routes));
  await app.listen({ port: environment.PORT, host: environment.HOST, backlog: BACKLOG });
  logger.info({ url: await app.getUrl() }, 'listening');
}

function version(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  return manifest.version;
}
