import { type RunEventPayload, serializeEvent, type StoredEvent } from '../../runs/events/run.events.js';
import { earlyFacts } from '../../runs/events/early.facts.js';
import { isRunFact, type RunFact } from '../../runs/events/run.facts.js';
import { type ResponseEvent, ResponseFold, type RunEndState } from './response.fold.js';
import type { ReasoningKey } from './reasoning.seal.js';
import { readResponseRequest, readItems } from './responses.reader.js';
import { BodyFields } from '../request/body.fields.js';

const RUN = '019ad2c1-7a64-7000-8a37-1a2b3c4d5e6f';
const STARTED: RunEventPayload = { type: 'run.started', session_id: 's', agent_role: 'assistant', model: 'm' };
const DONE: RunEndState = { status: 'completed', finishedAt: 1_764_000_000_999 };

const say = (delta: string): RunEventPayload => ({ type: 'message.delta', delta });

const key: ReasoningKey = { seal: (sealed) => JSON.stringify(sealed), open: () => undefined };

function foldOf(body: object = {}, isEncryptedShown = false): ResponseFold {
  const fields = BodyFields.of({ model: 'assistant', input: 'hello', ...body });
  return new ResponseFold(RUN, readResponseRequest(fields, readItems(fields)).echo, { key, isEncryptedShown });
}

/** An event of a run, with the facts before it. */
type Step = RunEventPayload | readonly [...RunFact[], RunEventPayload];

function toStored(step: Step, index: number): StoredEvent {
  if ('type' in step) return serializeEvent(RUN, index + 1, step);
  const [payload] = step.slice(-1);
  if (payload === undefined || !isPayload(payload)) throw new Error('The event is missing.');
  return serializeEvent(RUN, index + 1, payload, step.slice(0, -1).filter(isRunFact));
}

function isPayload(value: RunFact | RunEventPayload): value is RunEventPayload {
  return !isRunFact(value);
}

/** All events of a response whose run has these. */
function eventsOf(fold: ResponseFold, steps: readonly Step[], end: RunEndState = DONE): ResponseEvent[] {
  const start = fold.start();
  const events = fold.next(steps.map(toStored));
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
    { id: `msg_${RUN}-t1`, phase: 'commentary', content: [{ text: 'Wait.' }] },
    { id: `msg_${RUN}-t2`, phase: 'final_answer', content: [{ text: 'Noon.' }] },
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
  expect(fold.response.output).toMatchObject([{ id: `msg_${RUN}-t1`, content: [{ text: 'whole' }] }]);
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

describe('reasoning', () => {
  const data = { source: 'x', data: { sig: 's' } };
  const think = (turn: number, text = 'Hm.', providerData?: typeof data): RunFact => ({
    type: 'reasoning.completed',
    turn,
    reasoning: { text, ...(providerData && { providerData }) },
  });
  const ended = (turn: number, calls: number, text?: string): RunFact => ({
    type: 'turn.completed',
    turn,
    calls,
    ...(text !== undefined && { text }),
  });
  const LOOK: RunEventPayload = { type: 'tool.started', call_id: 'c', tool: 'look', arguments: {} };
  const OVER: RunEventPayload = { type: 'run.cancelled', reason: 'over' };
  const AGAIN: RunEventPayload = { type: 'run.restarted', attempt: 2 };
  /** The output, shortly. */
  const shown = (fold: ResponseFold): string[] =>
    fold.response.output.map((item) => {
      if (item.type === 'reasoning') return `(${item.summary.map(({ text }) => text).join()})`;
      return item.type === 'message' ? `${item.phase}: ${item.content[0]?.text}` : item.name;
    });

  it('comes as an item before the message of its turn', () => {
    const fold = foldOf();
    const events = eventsOf(fold, [STARTED, [think(1), say('Hi')], say('.'), [ended(1, 0), OVER]]);
    expect(typesOf(events).slice(2, 9)).toEqual([
      'output_item.added',
      'reasoning_summary_part.added',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.done',
      'reasoning_summary_part.done',
      'output_item.done',
      'output_item.added',
    ]);
    const item = { type: 'reasoning', id: `rs_${RUN}-t1_0`, summary: [{ type: 'summary_text', text: 'Hm.' }] };
    expect(JSON.parse(events[7]?.data ?? '')).toEqual({
      type: 'response.output_item.done',
      output_index: 0,
      item,
      sequence_number: 7,
    });
    expect(JSON.parse(events[4]?.data ?? '')).toEqual({
      type: 'response.reasoning_summary_text.delta',
      item_id: `rs_${RUN}-t1_0`,
      output_index: 0,
      summary_index: 0,
      delta: 'Hm.',
      sequence_number: 4,
    });
    expect(fold.response.output).toMatchObject([item, { id: `msg_${RUN}-t1`, content: [{ text: 'Hi.' }] }]);
    expect(events.map(({ data: line }) => JSON.parse(line).sequence_number)).toEqual(events.map((_, index) => index));
  });

  describe('while the model thinks', () => {
    const first = (text: string, turn = 1): RunFact => ({ type: 'reasoning.delta', turn, text, isFirst: true });
    const piece = (text: string, turn = 1): RunFact => ({ type: 'reasoning.delta', turn, text });
    const shows = (...facts: RunFact[]): StoredEvent[] =>
      facts.map((fact) => earlyFacts({ sequence: 1, part: 1 }, [fact]));
    const reasoningIn = (events: readonly ResponseEvent[]): string[] =>
      events.flatMap(({ data: line }) => {
        const { type, delta, text } = JSON.parse(line);
        if (type === 'response.reasoning_summary_text.delta') return [`+${delta}`];
        return type === 'response.reasoning_summary_text.done' ? [`=${text}`] : [];
      });

    it('streams its text, and the rest when it has ended', () => {
      const fold = foldOf();
      const opening = [...fold.start(), ...fold.next([serializeEvent(RUN, 1, STARTED)])];
      expect(typesOf(fold.next(shows(first('H'))))).toEqual([
        'output_item.added',
        'reasoning_summary_part.added',
        'reasoning_summary_text.delta',
      ]);
      expect(typesOf(fold.next(shows(piece('m'))))).toEqual(['reasoning_summary_text.delta']);
      const rest = fold.next([serializeEvent(RUN, 2, say('Hi'), [think(1, 'Hm.', data)])]);
      expect(reasoningIn(rest)).toEqual(['+.', '=Hm.']);
      const ends = fold.end({ ...DONE, text: 'Hi' });
      expect(shown(fold)).toEqual(['(Hm.)', 'final_answer: Hi']);
      expect(fold.items[0]).toMatchObject({ id: `rs_${RUN}-t1_0`, encrypted_content: expect.any(String) });
      const numbers = [...opening, ...rest, ...ends].map(({ sequence }) => sequence);
      expect(numbers).toEqual([0, 1, ...Array.from({ length: numbers.length - 2 }, (_, index) => index + 6)]);
    });

    it.each<[string, StoredEvent[], string[]]>([
      [
        'the model is asked again',
        shows(first('H'), piece('u'), first('H'), piece('m')),
        ['+H', '+u', '=Hu', '+H', '+m'],
      ],
      ['its text changes', shows(first('Hu')), ['+Hu', '=Hu']],
      ['its attempt broke off', [...shows(first('Hm')), serializeEvent(RUN, 2, AGAIN)], ['+Hm', '=Hm']],
    ])('leaves a part out of the output if %s', (_, steps, texts) => {
      const fold = foldOf({ background: true });
      const events = [...fold.start(), ...fold.next([serializeEvent(RUN, 1, STARTED), ...steps])];
      events.push(...fold.next([serializeEvent(RUN, 3, say('Hi'), [think(1)])]), ...fold.end({ ...DONE, text: 'Hi' }));
      expect(reasoningIn(events).slice(0, texts.length)).toEqual(texts);
      expect(shown(fold)).toEqual(['(Hm.)', 'final_answer: Hi']);
      const added = typesOf(events).filter((type) => type === 'output_item.added').length;
      expect(typesOf(events).filter((type) => type === 'output_item.done')).toHaveLength(added);
      expect(events.map(({ data: line }) => JSON.parse(line).sequence_number)).toEqual([...events.keys()]);
    });

    it('ends an item whose part never ends', () => {
      const fold = foldOf();
      fold.start();
      const events = [...fold.next(shows(first('H'))), ...fold.end({ status: 'failed' })];
      expect(typesOf(events).slice(-4)).toEqual([
        'reasoning_summary_text.done',
        'reasoning_summary_part.done',
        'output_item.done',
        'failed',
      ]);
      expect(fold.response.output).toEqual([]);
    });

    it('waits for the end of a part whose beginning was not shown', () => {
      const fold = foldOf();
      const events = [...fold.start(), ...fold.next(shows(piece('m.')))];
      expect(reasoningIn(events)).toEqual([]);
      expect(reasoningIn(fold.next([serializeEvent(RUN, 2, say('Hi'), [think(1)])]))).toEqual(['+Hm.', '=Hm.']);
    });
  });

  it('has its encrypted content only if the request includes it, without another number', () => {
    const steps: Step[] = [STARTED, [think(1, '', data), say('Hi')], [ended(1, 0), OVER]];
    const [plain, whole] = [foldOf(), foldOf({}, true)];
    const [plainEvents, wholeEvents] = [eventsOf(plain, steps), eventsOf(whole, steps)];
    expect(JSON.stringify(plainEvents)).not.toContain('encrypted_content');
    expect(typesOf(plainEvents)).toEqual(typesOf(wholeEvents));
    const content = JSON.stringify({ turn: `${RUN}-t1`, reasoning: { text: '', providerData: data } });
    const item = { type: 'reasoning', id: `rs_${RUN}-t1_0`, summary: [] };
    expect(plain.response.output[0]).toEqual(item);
    expect(whole.response.output[0]).toEqual({ ...item, encrypted_content: content });
    expect(JSON.parse(wholeEvents[3]?.data ?? '').item).toEqual({ ...item, encrypted_content: content });
    expect(plain.items[0]).toEqual({ ...item, encrypted_content: content });
  });

  it('belongs to each turn, whose text before calls is a commentary', () => {
    const fold = foldOf();
    const look = [ended(1, 1), LOOK] as const;
    eventsOf(fold, [STARTED, [think(1, 'A'), say('Wait.')], look, [think(2, 'B'), say('Done.')], [ended(2, 0), OVER]]);
    expect(shown(fold)).toEqual(['(A)', 'commentary: Wait.', '(B)', 'final_answer: Done.']);
    expect(fold.items.map(({ id }) => id)).toEqual(
      ['rs', 'msg', 'rs', 'msg'].map((prefix, index) => {
        const message = `${prefix}_${RUN}-t${index < 2 ? 1 : 2}`;
        return prefix === 'rs' ? `${message}_0` : message;
      }),
    );
  });

  it('keeps the turns apart if no event shows their calls', () => {
    const fold = foldOf();
    eventsOf(fold, [STARTED, say('Wait.'), [ended(1, 1), say('Done.')], [ended(2, 0), OVER]]);
    expect(shown(fold)).toEqual(['commentary: Wait.', 'final_answer: Done.']);
  });

  it('comes after the message if it ends later', () => {
    const fold = foldOf();
    eventsOf(fold, [STARTED, say('Wait'), [think(1, 'late'), say('.')], [ended(1, 1), LOOK], [think(2, 'B'), OVER]]);
    expect(shown(fold)).toEqual(['commentary: Wait.', '(late)', '(B)']);
  });

  it('comes before the calls of the client', () => {
    const fold = foldOf();
    const calls = [{ call_id: 'c', tool: 'get_weather', arguments: '{}' }];
    eventsOf(fold, [STARTED, [think(1), ended(1, 1), OVER]], { ...DONE, calls, text: '' });
    expect(shown(fold)).toEqual(['(Hm.)', 'get_weather']);
    expect(fold.items.at(-1)?.id).toMatch(new RegExp(`^fc_${RUN}-t1_[0-9a-f]{12}$`));
  });

  it('is void with the attempt that broke off', () => {
    const fold = foldOf({ background: true });
    const first: Step[] = [STARTED, [think(1, 'A'), ended(1, 1), LOOK], [think(2, 'lost'), say('ha')]];
    eventsOf(fold, [
      ...first,
      AGAIN,
      [think(1, 'A'), ended(1, 1, ''), think(2, 'B'), say('whole')],
      [ended(2, 0), OVER],
    ]);
    expect(shown(fold)).toEqual(['(A)', '(B)', 'final_answer: whole']);
    expect(fold.items.map(({ id }) => id.slice(id.indexOf('-t')))).toEqual(['-t1_0', '-t2_0', '-t2']);
  });

  it.each<[string, Step[]]>([
    ['nothing of it', [AGAIN, [think(1, 'A'), ended(1, 1, 'Wait.'), LOOK]]],
    ['its text', [[think(1, 'A'), say('Wait.')], AGAIN, [think(1, 'A'), ended(1, 1, 'Wait.'), LOOK]]],
    [
      'all of it',
      [[think(1, 'A'), say('Wait.')], [ended(1, 1), LOOK], AGAIN, [think(1, 'A'), ended(1, 1, 'Wait.'), LOOK]],
    ],
  ])('is there once for a finished turn, if the attempt that broke off showed %s', (_, steps) => {
    const fold = foldOf({ background: true });
    eventsOf(fold, [STARTED, ...steps, say('Done.'), [ended(2, 0), OVER]]);
    expect(shown(fold)).toEqual(['(A)', 'commentary: Wait.', 'final_answer: Done.']);
  });

  it.each<[string, Step[]]>([
    ['with facts', [[think(1), say('Done.')], AGAIN, [think(1), ended(1, 0, 'Done.'), OVER]]],
    [
      'twice',
      [
        [think(1), say('Done.')],
        [ended(1, 0), AGAIN],
        [think(1), ended(1, 0, 'Done.'), OVER],
      ],
    ],
  ])('stays with the answer if only the end was lost, %s', (_, steps) => {
    const fold = foldOf({ background: true });
    eventsOf(fold, [STARTED, ...steps], { ...DONE, text: 'Done.' });
    expect(shown(fold)).toEqual(['(Hm.)', 'final_answer: Done.']);
  });

  it('keeps the answer of a finished turn without facts', () => {
    const fold = foldOf({ background: true });
    eventsOf(fold, [STARTED, say('Done.'), AGAIN, OVER], { ...DONE, text: 'Done.' });
    expect(shown(fold)).toEqual(['final_answer: Done.']);
    expect(fold.items[0]?.id).toBe(`msg_${RUN}-t1`);
  });

  it('goes with an answer that did not match its schema', () => {
    const fold = foldOf();
    const first: Step = [think(1, 'A'), say('no JSON')];
    eventsOf(fold, [STARTED, first, [ended(1, 0), think(2, 'B'), say('{}')], [ended(2, 0), OVER]], {
      ...DONE,
      text: '{}',
    });
    expect(shown(fold)).toEqual(['(B)', 'final_answer: {}']);
    expect(fold.items.map(({ id }) => id.slice(id.indexOf('-t')))).toEqual(['-t2_0', '-t2']);
  });
});
