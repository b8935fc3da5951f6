import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { ApiLifecycle } from '../index.js';
import { addHeaders, addIntegerFormats, isCounted, operationsOf } from './openapi.manners.js';

type AuthMode = 'none' | 'api-key' | 'jwt';

/** What callers may know themselves by; `{}` is nothing. */
const SECURITY: Record<AuthMode, Record<string, string[]>[]> = {
  none: [{}, { bearer: [] }, { apiKey: [] }],
  'api-key': [{ bearer: [] }, { apiKey: [] }],
  jwt: [{ bearer: [] }],
};

/** `/docs` and `/openapi.json`; the document is made when it is first asked for. */
export function setUpOpenApi(app: INestApplication, version: string, authMode: AuthMode): void {
  SwaggerModule.setup('docs', app, () => createDocument(app, version, authMode), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Rookery',
  });
}

function createDocument(app: INestApplication, version: string, authMode: AuthMode): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Rookery')
    .setDescription('AI agents over REST: chat, streams, background tasks and sessions.')
    .setVersion(version)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'The service that serves this document: a local one, or production.')
    .addTag('Chat', 'Talk to an agent.')
    .addTag('Tasks', 'Run an agent in the background.')
    .addTag('Runs', 'What is under way.')
    .addTag('Sessions', 'What was said before.')
    .addTag('Keys', 'Who may call, and what for.')
    .addTag('Usage', 'What was used, and what it cost.')
    .addTag('Releases', 'Other versions of the agents, and who gets which.')
    .addTag('Audit', 'Who did what.')
    .addTag('Privacy', 'All that is kept of somebody: exported, and erased.')
    .addTag('Health', 'Whether the service lives and can take work.')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', description: 'A key, or a signed token (JWT), checked as RFC8725 has it.' },
      'bearer',
    )
    .addApiKey(
      {
        type: 'apiKey',
        in: 'header',
        name: 'X-API-Key',
        description: 'A key. `X-End-User` names on whose behalf it is used.',
      },
      'apiKey',
    )
    .build();
  const document = SwaggerModule.createDocument(app, config);
  // The document leads to no other service than its own.
  for (const server of document.servers ?? []) Object.assign(server, { 'x-internal': false });
  document.info.contact = { name: 'The Rookery authors' };
  // What the pipe does to every request body: unknown fields are refused.
  for (const name of requestBodies(document)) {
    const schema = document.components?.schemas?.[name];
    if (schema && !('$ref' in schema)) schema.additionalProperties = false;
  }
  for (const operation of operationsOf(document)) {
    if (isCounted(operation)) {
      operation.security = SECURITY[authMode];
      operation.description = `${operation.description ?? ''} Needs the scope \`${scopeOf(operation)}\`.`.trim();
    } else operation.security = [];
    addHeaders(operation);
  }
  addIntegerFormats(document);
  if (app.get(ApiLifecycle).isV1Deprecated) {
    const old = Object.entries(document.paths).filter(([path]) => path.startsWith('/api/v1/'));
    for (const operation of operationsOf({ ...document, paths: Object.fromEntries(old) })) operation.deprecated = true;
  }
  return document;
}

/** The names of the schemas of request bodies. */
function requestBodies(document: OpenAPIObject): string[] {
  return operationsOf(document).flatMap(({ requestBody }) => {
    if (!requestBody || '$ref' in requestBody) return [];
    return Object.values(requestBody.content).flatMap(({ schema }) =>
      schema && '$ref' in schema ? [schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)] : [],
    );
  });
}

/** What `NeedsScope` has noted. */
function scopeOf(operation: object): string {
  return 'x-scope' in operation ? String(operation['x-scope']) : 'admin';
}
