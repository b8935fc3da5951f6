import { Databases, insertRun } from '../../../test/support/storage/databases.js';
import { stores } from '../../../test/support/storage/stores.js';
import { LocalPubSub } from '../../storage/pubsub/local.pubsub.js';
import { ReplicaLevels } from '../recovery/replica.levels.js';
import { EventLog } from './event.log.js';
import { EventWriter } from './event.writer.js';
import { parseStoredLine, type RunEventPayload, serializeEvent, toStoredLine } from './run.events.js';
import type { RunFact } from './run.facts.js';

const DATA = { '1': 'a', z: ['"}]', { __proto__: null, '0': '\\' }], n: 1e21, half: '\ud83d', bird: '🐦' };
const THOUGHT: RunFact = {
  type: 'reasoning.completed',
  turn: 1,
  reasoning: { text: 'So: "]}\n\u2028', providerData: { source: 'x', data: DATA } },
};
const TURN: RunFact = { type: 'turn.completed', turn: 1, calls: 0, text: '' };
const PAYLOADS: readonly RunEventPayload[] = [
  { type: 'message.delta', delta: 'Hi, "facts":[{}], ' },
  { type: 'tool.started', call_id: 'c', tool: 'clock', arguments: { facts: [1] } },
  { type: 'run.cancelled', reason: 'over' },
];

describe('the facts before an event', () => {
  it.each(PAYLOADS)('are in its line, and not in its data: $type', (payload) => {
    const plain = serializeEvent('r', 7, payload);
    const event = serializeEvent('r', 7, payload, [THOUGHT, TURN]);
    const line = toStoredLine(event);
    expect(event.data).toBe(plain.data);
    expect(toStoredLine(plain)).toBe(plain.data);
    expect(JSON.parse(line)).toEqual({ ...JSON.parse(plain.data), facts: JSON.parse(JSON.stringify([THOUGHT, TURN])) });
    expect(line).toMatch(/^{"type":"[a-z.]+","facts":\[/);
    const read = parseStoredLine(7, line);
    expect(read).toEqual({ ...plain, facts: JSON.parse(JSON.stringify([THOUGHT, TURN])) });
    expect(read.data).toBe(plain.data);
    expect(parseStoredLine(7, plain.data)).toEqual(plain);
  });

  it('are ignored if they are of a newer release', () => {
    const [payload] = PAYLOADS;
    if (payload === undefined) throw new Error('An event is missing.');
    const plain = serializeEvent('r', 1, payload);
    const newer = [
      { type: 'new', turn: 1 },
      { type: 'turn.completed', turn: 1, calls: 'many' },
      { ...TURN, more: 1 },
    ];
    const line = plain.data.replace('"message.delta"', `"message.delta","facts":${JSON.stringify(newer)}`);
    expect(parseStoredLine(1, line)).toEqual({ ...plain, facts: [{ ...TURN, more: 1 }] });
  });

  it('are an error that names the column if they cannot be read', () => {
    for (const facts of ['[1]', '[{"a"', '["x"]']) {
      expect(() => parseStoredLine(1, `{"type":"handoff","facts":${facts},"from":"a"}`)).toThrow('events.body');
    }
  });
});

describe.each(stores)('the facts of an attempt on $name', (store) => {
  const databases = new Databases(store);
  afterAll(() => databases.remove());

  async function open(takesFacts: boolean) {
    const database = await databases.open();
    await insertRun(database, 'run');
    await database.write(async (transaction) => {
      await transaction.updateTable('runs').set({ status: 'running', attempt: 1 }).execute();
    });
    const levels = new ReplicaLevels(database);
    if (takesFacts) await levels.look();
    const log = new EventLog(database, new LocalPubSub(), levels);
    const fail = (cause: unknown): never => {
      throw cause;
    };
    const writer = new EventWriter({ id: 'run', attempt: 1 }, { sequence: 0, part: 0 }, { database, log }, fail);
    const stored = async () =>
      (await Array.fromAsync(log.follow('run', 0, { signal: AbortSignal.timeout(5000) }))).flat();
    const bodies = async () =>
      (await database.query.selectFrom('events').select('body').execute()).map(({ body }) => body);
    return { database, log, writer, stored, bodies };
  }

  it('come with the next event, which keeps its number', async () => {
    const { database, log, writer, stored } = await open(true);
    writer.emit({ type: 'message.delta', delta: 'a' });
    writer.add(THOUGHT);
    writer.add(TURN);
    writer.emit({ type: 'message.delta', delta: 'b' });
    writer.emit({ type: 'message.delta', delta: 'c' });
    await writer.flushed();
    writer.add(TURN);
    const last = writer.finalEvents({ type: 'run.cancelled', reason: 'over' });
    expect(writer.finalEvents({ type: 'run.cancelled', reason: 'over' })).toEqual(last);
    await database.write((transaction) => log.store('run', last, transaction));
    const events = await stored();
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
    expect(events.map(({ facts = [] }) => facts.map(({ type }) => type))).toEqual([
      [],
      ['reasoning.completed', 'turn.completed'],
      [],
      ['turn.completed'],
    ]);
    expect(events.map(({ data }) => data).join()).not.toContain('facts');
  });

  it('are not stored while a replica lives that would show them', async () => {
    const { writer, bodies } = await open(false);
    writer.add(THOUGHT);
    writer.emit({ type: 'message.delta', delta: 'b' });
    await writer.flushed();
    expect((await bodies()).join()).not.toContain('facts');
  });

  it('reach the readers of a run that stores nothing', async () => {
    const { log, writer, bodies } = await open(false);
    const closed = Promise.withResolvers<void>();
    log.handOn({ id: 'run', closed: closed.promise });
    const reader = log.follow('run', 0, { isNew: true });
    const first = reader.next();
    writer.add(THOUGHT);
    writer.emit({ type: 'message.delta', delta: 'b' });
    expect((await first).value).toMatchObject([{ sequence: 1, facts: [THOUGHT] }]);
    await writer.flushed();
    expect(await bodies()).toEqual([]);
    closed.resolve();
    await reader.return(undefined);
  });
});
