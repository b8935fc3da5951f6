import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

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
    .setContact('Rookery', 'https://github.com/rookery', '')
    .addServer('/', 'This service')
    .addTag('Chat', 'Talk to an agent.')
    .addTag('Sessions', 'What was said before.')
    .addTag('Health', 'Whether the service lives and can take work.')
    .build();
  return SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '').toLowerCase()}_${method}`,
  });
}
