import { brokenCopies, withoutEach } from '../../../test/support/broken.rows.js';
import { parseStoredLine, type RunEvent, type RunEventPayload } from './run.events.js';
import { eventOf } from './stored.event.js';

const RESPONSE = { session_id: 's', run_id: 'r', reply: 'Hi.', tokens_used: 3, model: 'm', processing_time_ms: 4 };
const ERROR = { error: 'validation_failed', detail: 'No.', request_id: 'q' } as const;

/** Does not compile if a type is missing. */
const TYPES = {
  'run.started': true,
  'run.restarted': true,
  'run.waiting': true,
  'message.delta': true,
  handoff: true,
  'tool.started': true,
  'tool.completed': true,
  'approval.required': true,
  'run.completed': true,
  'run.failed': true,
  'run.cancelled': true,
} satisfies Record<RunEvent['type'], true>;

/** Events of each type. */
const EVENTS: readonly RunEvent[] = (
  [
    { type: 'run.started', session_id: 's', agent_role: 'assistant', model: 'm' },
    { type: 'run.restarted', attempt: 2 },
    { type: 'run.waiting', reason: 'retry', until: '2026-01-02T03:04:05.678Z' },
    { type: 'run.waiting', reason: 'approval' },
    { type: 'message.delta', delta: 'Hi' },
    { type: 'handoff', from: 'assistant', to: 'coder' },
    { type: 'tool.started', call_id: 'c', tool: 'clock', arguments: {} },
    { type: 'tool.completed', call_id: 'c', tool: 'clock', output: 'noon' },
    { type: 'tool.completed', call_id: 'c', tool: 'clock', error: 'broken' },
    { type: 'approval.required', approval_id: 'a', tool: 'pay', arguments: {} },
    { type: 'run.completed', response: { ...RESPONSE, truncated: true } },
    { type: 'run.failed', error: { ...ERROR, errors: [{ field: 'message', message: 'It is empty.' }] } },
    { type: 'run.cancelled', reason: 'The caller left.' },
  ] satisfies RunEventPayload[]
).map((payload, index) => Object.assign(payload, { run_id: 'r', sequence: index + 1 }));

const UNREADABLE = 'A value in events.body cannot be read';

const read = (event: unknown): unknown => eventOf(parseStoredLine(1, JSON.stringify(event)));

describe('the event of a frame', () => {
  it('may have any type of the API', () => {
    expect(new Set(EVENTS.map(({ type }) => type))).toEqual(new Set(Object.keys(TYPES)));
  });

  it.each(EVENTS)('is read: $type', (event) => {
    expect(read(event)).toEqual(event);
  });

  it('is read with fields of a newer release and without optional ones', () => {
    const event = { type: 'run.completed', response: { ...RESPONSE, newField: 1 }, run_id: 'r', sequence: 1, more: 1 };
    expect(read(event)).toEqual(event);
    const failed = { type: 'run.failed', error: { ...ERROR, detail: null }, run_id: 'r', sequence: 1 };
    expect(read(failed)).toEqual(failed);
  });

  it.each(EVENTS)('is refused with a wrong field: $type', (event) => {
    for (const [path, copy] of brokenCopies(event)) {
      if (path !== 'value.arguments') expect(() => read(copy)).toThrow(UNREADABLE);
    }
  });

  it.each(EVENTS)('is refused without one of its fields: $type', (event) => {
    for (const [field, copy] of withoutEach(event)) {
      const isOptional =
        field === 'arguments' ||
        field === 'until' ||
        (event.type === 'tool.completed' && ['output', 'error'].includes(field));
      if (!isOptional) expect(() => read(copy)).toThrow(UNREADABLE);
    }
  });

  it('is read with a type or an error code of a newer release', () => {
    const failed = { type: 'run.failed', error: { ...ERROR, error: 'new_code' }, run_id: 'r', sequence: 1 };
    for (const event of [{ ...EVENTS[0], type: 'run.paused' }, failed]) expect(read(event)).toEqual(event);
  });
});
