import { createHash } from 'node:crypto';
import type { INestApplication } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiLifecycle } from '../../index.js';
import { OPENAI_PREFIX } from '../../openai/index.js';
import { partOf } from './document.part.js';
import { type AcceptedCredentials, DOCS_OPTIONS, pageDocumentOf, scopeOf } from './docs.page.js';
import { replaceExamples } from './openapi.examples.js';
import { addHeaders, addIntegerFormats, isCounted, operationsOf } from './openapi.responses.js';

const KEY = 'an API key (`rookery_…`)';
const TOKEN = 'a signed token (JWT) without the word `Bearer`';

/** The accepted credentials; `{}` means no credentials. */
function securityOf({ areKeysAccepted, areTokensAccepted }: AcceptedCredentials): Record<string, string[]>[] {
  const apiKey = areKeysAccepted || !areTokensAccepted ? [{ apiKey: [] }] : [];
  return [...(areKeysAccepted || areTokensAccepted ? [] : [{}]), { bearer: [] }, ...apiKey];
}

const isOpenAI = (path: string): boolean => path.startsWith(`/${OPENAI_PREFIX}/`);

/** The settings that decide about the documents. */
interface DocumentSettings extends AcceptedCredentials {
  readonly isOpenAIServed: boolean;
}

/** Serves `/docs`, `/openapi.json` and the document of the OpenAI-compatible API. Creates documents on first use. */
export function setUpOpenApi(app: NestFastifyApplication, version: string, settings: DocumentSettings): void {
  const wholeOf = once(() => createDocument(app, version, settings));
  const documentOf = once(() => partOf(wholeOf(), (path) => !isOpenAI(path)));
  SwaggerModule.setup('docs', app, () => pageDocumentOf(documentOf(), settings), DOCS_OPTIONS);
  serve(app, '/openapi.json', documentOf);
  if (settings.isOpenAIServed) serve(app, `/${OPENAI_PREFIX}/openapi.json`, () => openAIPartOf(wholeOf()));
}

function openAIPartOf(whole: OpenAPIObject): OpenAPIObject {
  const part = partOf(whole, isOpenAI);
  part.info.title = 'Rookery: the OpenAI-compatible API';
  part.info.description =
    'The agents as models, for clients of the API of OpenAI. Unknown fields of requests are ignored.';
  return part;
}

/** The route of Swagger would convert the document to text for each request. */
function serve(app: NestFastifyApplication, path: string, documentOf: () => OpenAPIObject): void {
  const bodyOf = once(() => Buffer.from(JSON.stringify(documentOf())));
  const tagOf = once(() => `"${createHash('sha256').update(bodyOf()).digest('base64url')}"`);
  app.getHttpAdapter().get(path, (request: FastifyRequest, reply: FastifyReply) => {
    reply.headers({ ETag: tagOf(), 'Cache-Control': 'no-cache' });
    if (hasTag(request.headers['if-none-match'], tagOf())) return reply.status(304).send();
    return reply.type('application/json; charset=utf-8').send(bodyOf());
  });
}

function once<T>(create: () => T): () => T {
  let created: { readonly value: T } | undefined;
  return () => (created ??= { value: create() }).value;
}

function hasTag(known: string | undefined, tag: string): boolean {
  const tags = known?.split(',').map((each) => each.trim().replace(/^W\//, ''));
  return tags?.some((each) => each === tag || each === '*') === true;
}

function createDocument(app: INestApplication, version: string, accepted: AcceptedCredentials): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Rookery')
    .setDescription('AI agents over REST: chat, streams, background tasks and sessions.')
    .setVersion(version)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'The service that serves this document, local or in production.')
    .addTag('Chat', 'Talk to an agent.')
    .addTag('Tasks', 'Run an agent in the background.')
    .addTag('Runs', 'Active and finished runs, their events and approvals.')
    .addTag('Sessions', 'Stored conversations.')
    .addTag('Keys', 'API keys and their scopes.')
    .addTag('Usage', 'Token usage and cost.')
    .addTag('Releases', 'Versions of agents and their rollout.')
    .addTag('Switches', 'Stops of agents, tools and tenants.')
    .addTag('Audit', 'The log of administrative actions.')
    .addTag('Privacy', 'Export and erasure of personal data.')
    .addTag('Health', 'Liveness and readiness checks.')
    .addTag('Models', 'The agents, as models.')
    .addTag('Chat completions', 'Answers of agents to a conversation that the client keeps.')
    .addTag('Responses', 'Answers of agents, stored or streamed.')
    .addTag('Conversations', 'Sessions, with metadata and items.')
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        description: `Paste ${credentialsIn(accepted)}. Tokens are validated according to RFC8725.`,
      },
      'bearer',
    )
    .addApiKey(
      {
        type: 'apiKey',
        in: 'header',
        name: 'X-API-Key',
        description: `The same header for API keys alone: paste ${KEY}. \`X-End-User\` names the end user of a call.`,
      },
      'apiKey',
    )
    .build();
  const document = SwaggerModule.createDocument(app, config);
  // Every listed server is the service itself.
  for (const server of document.servers ?? []) Object.assign(server, { 'x-internal': false });
  document.info.contact = { name: 'The Rookery authors' };
  // The validation pipe rejects unknown fields of every request body, except those of OpenAI's clients.
  for (const name of requestBodies(partOf(document, (path) => !isOpenAI(path)))) {
    const schema = document.components?.schemas?.[name];
    if (schema && !('$ref' in schema)) schema.additionalProperties = false;
  }
  for (const operation of operationsOf(document)) {
    if (isCounted(operation)) {
      operation.security = securityOf(accepted);
      operation.description = `${operation.description ?? ''} Needs the scope \`${scopeOf(operation)}\`.`.trim();
    } else operation.security = [];
    addHeaders(operation);
  }
  replaceExamples(document);
  addIntegerFormats(document);
  if (app.get(ApiLifecycle).isV1Deprecated) {
    const old = Object.entries(document.paths).filter(([path]) => path.startsWith('/api/v1/'));
    for (const operation of operationsOf({ ...document, paths: Object.fromEntries(old) })) operation.deprecated = true;
  }
  return document;
}

/** Returns the schema names of all request bodies. */
function requestBodies(document: OpenAPIObject): string[] {
  return operationsOf(document).flatMap(({ requestBody }) => {
    if (!requestBody || '$ref' in requestBody) return [];
    return Object.values(requestBody.content).flatMap(({ schema }) =>
      schema && '$ref' in schema ? [schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)] : [],
    );
  });
}

/** Says what a person pastes into the form of the documentation page. */
function credentialsIn({ areKeysAccepted, areTokensAccepted }: AcceptedCredentials): string {
  if (areKeysAccepted === areTokensAccepted) return `${KEY} or ${TOKEN}`;
  return areKeysAccepted ? KEY : TOKEN;
}
