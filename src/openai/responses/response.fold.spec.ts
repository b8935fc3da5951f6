import { type RunEventPayload, serializeEvent } from '../../runs/events/run.events.js';
import { type ResponseEvent, ResponseFold, type RunEndState } from './response.fold.js';
import { readResponseRequest, readItems } from './responses.reader.js';
import { BodyFields } from '../request/body.fields.js';

const RUN = '019ad2c1-7a64-7000-8a37-1a2b3c4d5e6f';
const STARTED: RunEventPayload = { type: 'run.started', session_id: 's', agent_role: 'assistant', model: 'm' };
const DONE: RunEndState = { status: 'completed', finishedAt: 1_764_000_000_999 };

const say = (delta: string): RunEventPayload => ({ type: 'message.delta', delta });

function foldOf(body: object = {}): ResponseFold {
  const fields = BodyFields.of({ model: 'assistant', input: 'hello', ...body });
  return new ResponseFold(RUN, readResponseRequest(fields, readItems(fields)).echo);
}

/** All events of a response whose run has these. */
function eventsOf(fold: ResponseFold, payloads: readonly RunEventPayload[], end: RunEndState = DONE): ResponseEvent[] {
  const start = fold.start();
  const events = fold.next(payloads.map((payload, index) => serializeEvent(RUN, index + 1, payload)));
  return [...start, ...events, ...fold.end(end)];
}

const typesOf = (events: readonly ResponseEvent[]): string[] => events.map(({ type }) => type.replace('response.', ''));

it('numbers the events, and joins the text of all deltas', () => {
  const fold = foldOf();
  const start = fold.start();
  const texts = ['one "', '\\two"\n', '\ud83d', '\udc26'];
  const rest = fold.next([STARTED, ...texts.map(say)].map((each, index) => serializeEvent(RUN, index + 1, each)));
  const events = [...start, ...rest, ...fold.end(DONE)];
  expect(events.map(({ data }) => JSON.parse(data).sequence_number)).toEqual(events.map((_, index) => index));
  expect(fold.response.output).toMatchObject([{ content: [{ text: 'one "\\two"\n🐦' }], phase: 'final_answer' }]);
  expect(fold.response).toMatchObject({ status: 'completed', created_at: 1764472486, completed_at: 1_764_000_000 });
});

it('is the same for the same events', () => {
  const payloads = [STARTED, say('a'), say('b')];
  expect(eventsOf(foldOf(), payloads)).toEqual(eventsOf(foldOf(), payloads));
});

it('shows the text before a call of an own tool as commentary, and not the call', () => {
  const fold = foldOf();
  const call = { call_id: 'c', tool: 'clock' };
  eventsOf(fold, [STARTED, say('Wait.'), { type: 'tool.started', ...call, arguments: {} }, say('Noon.')]);
  expect(fold.response.output).toMatchObject([
    { id: `msg_${RUN}_0`, phase: 'commentary', content: [{ text: 'Wait.' }] },
    { id: `msg_${RUN}_1`, phase: 'final_answer', content: [{ text: 'Noon.' }] },
  ]);
});

it('closes the item of an attempt that broke off, and leaves it out of the output', () => {
  const fold = foldOf({ background: true });
  const events = eventsOf(fold, [STARTED, say('ha'), { type: 'run.restarted', attempt: 2 }, say('whole')]);
  expect(typesOf(events).filter((type) => type.startsWith('output_item'))).toEqual([
    'output_item.added',
    'output_item.done',
    'output_item.added',
    'output_item.done',
  ]);
  expect(fold.response.output).toMatchObject([{ id: `msg_${RUN}_1`, content: [{ text: 'whole' }] }]);
});

it.each<[RunEndState, string, object]>([
  [{ status: 'failed', error: { code: 'model_error', message: 'x' } }, 'failed', { error: { code: 'model_error' } }],
  [{ status: 'cancelled', error: { code: 'run_cancelled', message: 'x' } }, 'failed', { status: 'cancelled' }],
  [
    { status: 'incomplete', incompleteReason: 'max_output_tokens' },
    'incomplete',
    { incomplete_details: { reason: 'max_output_tokens' }, completed_at: null },
  ],
])('ends with one terminal event for %j', (end, type, response) => {
  const fold = foldOf();
  expect(typesOf(eventsOf(fold, [STARTED, say('half')], end)).at(-1)).toBe(type);
  expect(fold.response).toMatchObject({ ...response, output: [{ status: 'incomplete' }] });
});

it('is queued in the background until its run begins', () => {
  const fold = foldOf({ background: true });
  expect(typesOf(fold.start())).toEqual(['created', 'queued']);
  expect(fold.response.status).toBe('queued');
  expect(typesOf(fold.next([serializeEvent(RUN, 1, STARTED)]))).toEqual(['in_progress']);
});
