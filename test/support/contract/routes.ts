import { Agent } from 'node:http';
import { send, type Answer, type Target } from '../clients/client.js';
import { isObject, object, objects, string, type Json } from '../json.js';
import { inOwnForm } from './openai.answers.js';

/** A route of the OpenAPI document. */
export interface Route {
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  readonly tag: string;
  /** The documented scope. */
  readonly scope: string;
  /** Whether the route requires credentials. */
  readonly isClosed: boolean;
  /** The statuses of its answers. */
  readonly statuses: readonly string[];
  /** The example of each field of its body. */
  readonly body: Json | undefined;
  /** The required query parameters. */
  readonly query: readonly string[];
}

/** Tests call each route many times. */
const agent = new Agent({ keepAlive: true });
const DOCUMENTS = ['/openapi.json', '/v1/openapi.json'];

/** Returns every route of a service, so new routes are included. */
export async function routesOf(target: Target, headers: Record<string, string> = {}): Promise<Route[]> {
  const documents = await Promise.all(DOCUMENTS.map((path) => send(target, `GET ${path}`, { headers })));
  return documents.flatMap(({ body }) => routesIn(body));
}

function routesIn(document: Json): Route[] {
  return Object.entries(object(document.paths)).flatMap(([path, methods]) =>
    Object.entries(object(methods))
      .filter(([, operation]) => isObject(operation))
      .map(([method, operation]) => routeOf(document, method.toUpperCase(), path, object(operation))),
  );
}

/** Calls a route with its examples and these ids; a parameter without an id gets an unknown one. */
export async function call(
  target: Target,
  { method, path, body, query }: Route,
  headers: Record<string, string>,
  ids: Record<string, string> = {},
): Promise<Answer> {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? `unknown-${name}`);
  const search = query.length === 0 ? '' : `?${query.map((name) => `${name}=${ids[name] ?? 'unknown'}`).join('&')}`;
  return inOwnForm(await send(target, `${method} ${filled}${search}`, { headers, agent, ...(body ? { body } : {}) }));
}

function routeOf(document: Json, method: string, path: string, operation: Json): Route {
  const [tag] = Array.isArray(operation.tags) ? operation.tags : [];
  const closed = operation.security;
  const media = object(object(object(operation.requestBody).content)['application/json']);
  return {
    method,
    path,
    tag: string(tag),
    scope: string(operation['x-scope']),
    isClosed:
      Array.isArray(closed) && closed.length > 0 && closed.every((each) => Object.keys(object(each)).length > 0),
    statuses: Object.keys(object(operation.responses)),
    body: operation.requestBody === undefined ? undefined : exampleOf(document, object(media.schema)),
    query: objects(operation.parameters)
      .filter((parameter) => parameter.in === 'query' && parameter.required === true)
      .map(({ name }) => string(name)),
  };
}

function exampleOf(document: Json, { $ref }: Json): Json {
  const schema = object(object(object(document.components).schemas)[string($ref).split('/').at(-1) ?? '']);
  const examples = Object.entries(object(schema.properties)).map(([name, property]) => [
    name,
    object(property).example,
  ]);
  return Object.fromEntries(examples.filter(([, example]) => example !== undefined));
}
