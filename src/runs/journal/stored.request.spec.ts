import { brokenCopies } from '../../../test/support/broken.rows.js';
import { serializeRequest, parseStoredRequest, type StoredRequest } from './stored.request.js';

const REQUEST: StoredRequest = {
  message: 'Where?',
  parts: [{ type: 'text', text: 'Where?' }],
  session_id: 's',
  agent_role: 'assistant',
  temperature: 0.5,
  output_schema: { type: 'object' },
  metadata: { team: 'a' },
  release: 'code',
  trace: { traceparent: '00-1-2-01' },
};

const read = (request: unknown): StoredRequest => parseStoredRequest({ request: JSON.stringify(request) });

it('reads the request that a task has stored', () => {
  expect(parseStoredRequest({ request: serializeRequest(REQUEST) })).toEqual(REQUEST);
});

it('reads the request of an older release, which had fewer fields, and of a newer one', () => {
  const old = { message: 'Hi', agent_role: 'assistant', temperature: 0.7 };
  expect(read(old)).toEqual(old);
  expect(read({ ...REQUEST, newField: 1 })).toMatchObject(REQUEST);
  expect(parseStoredRequest({ request: null })).toEqual({ message: '' });
});

it.each(brokenCopies(REQUEST).filter(([path]) => path !== 'value.output_schema.type'))(
  'rejects a request with a wrong %s',
  (_, copy) => {
    expect(() => read(copy)).toThrow('A value in runs.request cannot be read');
  },
);

it('requires a message that is a text, if it has one', () => {
  expect(() => read({ message: 7 })).toThrow('A value in runs.request cannot be read');
});
