import type { OpenAPIObject, SwaggerCustomOptions } from '@nestjs/swagger';
import { isCounted, type OperationObject, operationsOf } from './openapi.responses.js';

/** Marks an operation that the page does not offer to try. */
const UNTRIED = 'x-untried';

/** The part of Swagger UI's state that the plugin reads. */
interface PageState {
  getIn(path: readonly string[]): unknown;
}

/** The browser runs the text of this function, so it must not use anything outside itself. */
const isOffered = () => (state: PageState, path: string, method: string) =>
  state.getIn(['json', 'paths', path, method, 'x-untried']) !== true;

/** The kinds of credentials that the service accepts; without both it needs none. */
export interface AcceptedCredentials {
  readonly areKeysAccepted: boolean;
  readonly areTokensAccepted: boolean;
  readonly isAuthenticated: boolean;
}

/** The options of `/docs`. The browser keeps the credentials, so a reload does not lose them. */
export const DOCS_OPTIONS: SwaggerCustomOptions = {
  raw: [],
  customSiteTitle: 'Rookery',
  swaggerOptions: {
    persistAuthorization: true,
    plugins: [{ statePlugins: { spec: { wrapSelectors: { allowTryItOutFor: isOffered } } } }],
  },
};

/**
 * Returns the document that the page shows. Without authentication it has no padlocks, and does not offer to try what
 * only an operator may call.
 */
export function pageDocumentOf(document: OpenAPIObject, accepted: AcceptedCredentials): OpenAPIObject {
  const { isAuthenticated, areKeysAccepted } = accepted;
  const shown = structuredClone(document);
  for (const operation of operationsOf(shown)) {
    if (isUpgrade(operation)) Object.assign(operation, { [UNTRIED]: true });
    if (!isAuthenticated) openUp(operation);
  }
  if (!isAuthenticated) delete shown.components?.securitySchemes;
  if (!areKeysAccepted) delete shown.components?.securitySchemes?.apiKey;
  return shown;
}

/** Changes an operation for a service without authentication. */
function openUp(operation: OperationObject): void {
  delete operation.security;
  if (!isCounted(operation) || scopeOf(operation) !== 'admin') return;
  const note = 'With `AUTH_MODE=none` nobody has it: set `api-key` or `jwt`.';
  Object.assign(operation, { [UNTRIED]: true, description: `${operation.description ?? ''} ${note}` });
}

/** Pages cannot upgrade a connection by an ordinary request. */
function isUpgrade({ responses }: OperationObject): boolean {
  return '101' in responses;
}

/** Returns the scope that `RequireScope` has stored. */
export function scopeOf(operation: object): string {
  return 'x-scope' in operation ? String(operation['x-scope']) : 'admin';
}
