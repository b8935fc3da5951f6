import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { AgentRequest } from '../index.js';

type OperationObject = NonNullable<OpenAPIObject['paths'][string]['get']>;

/** `/docs` and `/openapi.json`; the document is made when it is first asked for. */
export function setUpOpenApi(app: INestApplication, version: string): void {
  SwaggerModule.setup('docs', app, () => createDocument(app, version), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Rookery',
  });
}

function createDocument(app: INestApplication, version: string): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Rookery')
    .setDescription('AI agents over REST: chat, streams and sessions.')
    .setVersion(version)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'This service')
    .addTag('Chat', 'Talk to an agent.')
    .addTag('Sessions', 'What was said before.')
    .addTag('Health', 'Whether the service lives and can take work.')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '').toLowerCase()}_${method}`,
  });
  document.info.contact = { name: 'The Rookery authors' };
  // What the pipe does to every request body: unknown fields are refused.
  const request = document.components?.schemas?.[AgentRequest.name];
  if (request && !('$ref' in request)) request.additionalProperties = false;
  for (const operation of operationsOf(document)) {
    for (const answer of Object.values(operation.responses)) {
      if (answer && !('$ref' in answer)) answer.description ||= operation.summary ?? '';
    }
  }
  return document;
}

function operationsOf({ paths }: OpenAPIObject): OperationObject[] {
  return Object.values(paths).flatMap((path) =>
    [path.get, path.post, path.delete].filter((each) => each !== undefined),
  );
}
