import { readFileSync } from 'node:fs';
import { breakingChanges, contractOf } from '../support/contract/contract.js';
import { object, type Json } from '../support/json.js';

const stored = object(JSON.parse(readFileSync(new URL('../../docs/openapi.v1.json', import.meta.url), 'utf8')));

/** A type that lets a test access any property. */
type Loose = ReturnType<typeof JSON.parse>;

const CHAT = 'POST /api/v1/agent/chat';

/** Returns the contract after a change. */
function after(change: (contract: Loose) => void): Json {
  const changed = structuredClone(stored);
  change(changed);
  return changed;
}

const operation = (contract: Loose, call: string) => {
  const [method = '', path = ''] = call.split(' ');
  return contract.paths[path][method.toLowerCase()];
};
const schema = (contract: Loose, name: string) => contract.components.schemas[name];

describe('a break of the contract of version 1', () => {
  it('is not found without a change', () => {
    expect(breakingChanges(stored, structuredClone(stored))).toEqual([]);
    expect(contractOf(stored)).toEqual(stored);
  });

  it.each<[string, (contract: Loose) => void, string]>([
    ['a path that is gone', (c) => delete c.paths['/api/v1/agent/roles'], 'GET /api/v1/agent/roles: is gone'],
    ['a method that is gone', (c) => delete c.paths['/api/v1/agent/sessions/{session_id}'].delete, 'DELETE'],
    ['a status that is gone', (c) => delete operation(c, CHAT).responses['422'], 'no longer answers 422'],
    [
      'another status',
      (c) => {
        const { responses } = operation(c, CHAT);
        responses['201'] = responses['200'];
        delete responses['200'];
      },
      'no longer answers 200',
    ],
    [
      'a media type that is gone',
      (c) => delete operation(c, CHAT).responses['422'].content['application/problem+json'],
      'application/problem+json',
    ],
    [
      'a header that is gone',
      (c) => delete operation(c, CHAT).responses['200'].headers['X-Request-Id'],
      'X-Request-Id',
    ],
    ['a field of an answer that is gone', (c) => delete schema(c, 'AgentResponse').properties.reply, '.reply: is gone'],
    [
      'a field of an answer that is optional now',
      (c) => schema(c, 'AgentResponse').required.splice(0, 1),
      'is optional now',
    ],
    ['a field of a request that is gone', (c) => delete schema(c, 'AgentRequest').properties.agent_role, 'agent_role'],
    [
      'a new field that is required',
      (c) => {
        schema(c, 'AgentRequest').properties.more = { type: 'string' };
        schema(c, 'AgentRequest').required.push('more');
      },
      '.more: is required now',
    ],
    ['a field that is required now', (c) => schema(c, 'AgentRequest').required.push('session_id'), 'session_id'],
    ['a new parameter that is required', (c) => addParameter(c, true), 'is new and required'],
    ['a parameter that is gone', (c) => operation(c, 'GET /api/v1/agent/sessions').parameters.splice(0, 1), 'is gone'],
    ['another type of an answer', (c) => (schema(c, 'AgentResponse').properties.tokens_used.type = 'string'), 'type'],
    ['a wider type of an answer', (c) => (schema(c, 'AgentResponse').properties.tokens_used.type = 'number'), 'type'],
    [
      'an answer that may be null',
      (c) => (schema(c, 'AgentResponse').properties.reply.type = ['string', 'null']),
      'type',
    ],
    ['a narrower type', (c) => (schema(c, 'AgentRequest').properties.temperature.type = 'integer'), 'type'],
    [
      'a lower maximum in a request',
      (c) => (schema(c, 'AgentRequest').properties.message.maxLength = 100),
      'maxLength',
    ],
    ['a higher minimum in a request', (c) => (schema(c, 'AgentRequest').properties.message.minLength = 2), 'minLength'],
    ['a new limit', (c) => (schema(c, 'AgentRequest').properties.message.pattern = '^x'), 'pattern'],
    [
      'a higher maximum in an answer',
      (c) => (schema(c, 'AgentResponse').properties.model.maxLength = 900),
      'maxLength',
    ],
    [
      'a longer list in an answer',
      (c) => {
        schema(c, 'ApiKey').properties.scopes.items.enum.push('more');
        schema(c, 'ApiKey').properties.scopes.maxItems += 2;
      },
      'scopes: has another maxItems',
    ],
    [
      'a longer list without new values',
      (c) => schema(c, 'ApiKey').properties.scopes.maxItems++,
      'scopes: has another maxItems',
    ],
    [
      'a value that takes the place of another one',
      (c) => schema(c, 'ApiKey').properties.scopes.items.enum.splice(0, 1, 'more'),
      'no longer has "chat"',
    ],
    ['another default', (c) => (schema(c, 'AgentRequest').properties.temperature.default = 1), 'default'],
    ['a choice that is gone', (c) => schema(c, 'ApprovalDecision').properties.decision.enum.pop(), 'no longer has'],
    ['a status of a task that is gone', (c) => schema(c, 'TaskResponse').properties.status.enum.pop(), 'no longer has'],
    [
      'an event that is gone',
      (c) => operation(c, `${CHAT}/stream`).responses['200'].content['text/event-stream'].schema.oneOf.splice(2, 1),
      'is no longer',
    ],
    ['another scope', (c) => (operation(c, CHAT)['x-scope'] = 'admin'), 'another scope'],
    [
      'newly required credentials',
      (c) => (operation(c, CHAT).security = [{ bearer: [] }]),
      'accepts fewer credentials',
    ],
  ])('is %s', (_, change, words) => {
    const found = breakingChanges(stored, after(change));
    expect(found.length).toBeGreaterThan(0);
    expect(found.join('\n')).toContain(words);
  });

  it.each<[string, (contract: Loose) => void]>([
    ['a new path', (c) => (c.paths['/api/v1/agent/new'] = { get: { responses: { 200: {} } } })],
    ['a new status', (c) => (operation(c, CHAT).responses['402'] = operation(c, CHAT).responses['422'])],
    ['a new field of an answer', (c) => (schema(c, 'AgentResponse').properties.more = { type: 'string' })],
    ['a new optional field', (c) => (schema(c, 'AgentRequest').properties.more = { type: 'string' })],
    ['a new optional parameter', (c) => addParameter(c, false)],
    ['a new header', (c) => (operation(c, CHAT).responses['200'].headers['X-More'] = { schema: { type: 'string' } })],
    ['a new error code', (c) => schema(c, 'ErrorResponse').properties.error.enum.push('more')],
    [
      'a new event',
      (c) =>
        operation(c, `${CHAT}/stream`).responses['200'].content['text/event-stream'].schema.oneOf.push({
          type: 'object',
          properties: { type: { type: 'string', enum: ['more'] } },
        }),
    ],
    ['a new choice', (c) => schema(c, 'ApprovalDecision').properties.decision.enum.push('later')],
    [
      'a new value in a list of distinct ones',
      (c) => {
        const { scopes } = schema(c, 'ApiKey').properties;
        scopes.items.enum.push('more');
        scopes.maxItems++;
      },
    ],
    ['a higher maximum in a request', (c) => (schema(c, 'AgentRequest').properties.message.maxLength = 9000)],
    ['a field that is optional now', (c) => (schema(c, 'AgentRequest').required = [])],
    ['another order', (c) => (schema(c, 'AgentResponse').required = schema(c, 'AgentResponse').required.toReversed())],
  ])('is not %s', (_, change) => {
    expect(breakingChanges(stored, after(change))).toEqual([]);
  });
});

it('is found if a list of an answer that may repeat values grows with them', () => {
  const answer = (values: string[], maxItems: number): Loose => ({
    paths: {
      '/api/v1/x': {
        get: {
          responses: {
            200: {
              content: {
                'application/json': { schema: { type: 'array', maxItems, items: { type: 'string', enum: values } } },
              },
            },
          },
        },
      },
    },
  });
  expect(breakingChanges(answer(['a', 'b'], 2), answer(['a', 'b', 'c'], 3))).toEqual([]);
  expect(breakingChanges(answer(['a', 'b'], 100), answer(['a', 'b', 'c'], 101))).toEqual([
    'GET /api/v1/x 200: has another maxItems',
  ]);
});

function addParameter(contract: Loose, required: boolean): void {
  const parameter = { name: 'more', in: 'query', required, schema: { type: 'string' } };
  operation(contract, 'GET /api/v1/agent/sessions').parameters.push(parameter);
}
