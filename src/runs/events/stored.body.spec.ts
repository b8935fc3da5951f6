import { Databases, insertRun } from '../../../test/support/storage/databases.js';
import { stores } from '../../../test/support/storage/stores.js';
import { LocalPubSub } from '../../storage/pubsub/local.pubsub.js';
import { ReplicaLevels } from '../recovery/replica.levels.js';
import { EventLog } from './event.log.js';
import { EventWriter } from './event.writer.js';
import { type RunEventPayload, serializeEvent } from './run.events.js';
import { fullLines, parseBody, serializeBody } from './stored.body.js';

const TEXTS = [
  '',
  'Hi',
  '"',
  '\\',
  '\n',
  '\u2028',
  '\ud83d',
  '🐦',
  ',"run_id":"x","sequence":9}',
  '{"type":"',
  'é'.repeat(300),
];
const PAYLOADS: readonly RunEventPayload[] = [
  { type: 'run.started', session_id: 's', agent_role: 'assistant', model: 'm' },
  ...TEXTS.map((delta) => ({ type: 'message.delta', delta }) as const),
  { type: 'tool.started', call_id: 'c', tool: 'clock', arguments: { delta: 'x' } },
  { type: 'message.delta', delta: 'again' },
  { type: 'run.cancelled', reason: 'over' },
];
const EVENTS = PAYLOADS.map((payload, index) => serializeEvent('run', 5 + index, payload));

describe('the body of events', () => {
  it.each([true, false])('gives the same events, with short deltas: %s', (hasShortDeltas) => {
    expect(parseBody('run', 5, serializeBody(EVENTS, hasShortDeltas))).toEqual(EVENTS);
  });

  it('has only the texts of deltas', () => {
    const deltas = [serializeEvent('run', 1, { type: 'message.delta', delta: 'a "b"\n' })];
    expect(serializeBody(deltas, true)).toBe(String.raw`"a \"b\"\n"`);
    expect(fullLines('run', 1, serializeBody(deltas, true))).toEqual([serializeBody(deltas, false)]);
  });

  it('keeps the facts before a delta', () => {
    const fact = { type: 'turn.completed', turn: 1, calls: 0 } as const;
    const events = [serializeEvent('run', 1, { type: 'message.delta', delta: 'a' }, [fact])];
    expect(parseBody('run', 1, serializeBody(events, true))).toEqual(events);
  });
});

describe.each(stores)('the events of an attempt on $name', (store) => {
  const databases = new Databases(store);
  afterAll(() => databases.remove());

  /** Stores the events of a run beside a replica of that level. */
  async function storeBeside(level: number) {
    const database = await databases.open();
    await insertRun(database, 'run');
    await database.write(async (transaction) => {
      await transaction.updateTable('runs').set({ status: 'running', attempt: 1 }).execute();
      await transaction.insertInto('replicas').values({ replica_id: 'other', heartbeat_at: 0, level }).execute();
    });
    const levels = new ReplicaLevels(database);
    await levels.look();
    const log = new EventLog(database, new LocalPubSub(), levels);
    const fail = (cause: unknown): never => {
      throw cause;
    };
    const writer = new EventWriter({ id: 'run', attempt: 1 }, { sequence: 0, part: 0 }, { database, log }, fail);
    for (const payload of PAYLOADS.slice(0, -1)) writer.emit(payload);
    await writer.flushed();
    const last = writer.finalEvents({ type: 'run.cancelled', reason: 'over' });
    await database.write((transaction) => log.store('run', last, transaction));
    const rows = await database.query.selectFrom('events').select('body').execute();
    const follow = async (after: number) =>
      (await Array.fromAsync(log.follow('run', after, { signal: AbortSignal.timeout(5000) }))).flat();
    return { bodies: rows.map(({ body }) => body).join('\n'), follow };
  }

  const expected = PAYLOADS.map((payload, index) => serializeEvent('run', 1 + index, payload));

  it.each([1, 2])('are read as they were, from any number on, beside a replica of level %s', async (level) => {
    const { follow } = await storeBeside(level);
    for (const after of [0, 1, 4, expected.length - 1]) {
      expect(await follow(after)).toEqual(expected.slice(after));
    }
  });

  it('have short deltas once all replicas read them', async () => {
    const [older, newer] = [await storeBeside(1), await storeBeside(2)];
    const count = ({ bodies }: typeof older): number => bodies.split('"message.delta"').length - 1;
    expect([count(older), count(newer)]).toEqual([TEXTS.length + 1, 0]);
  });
});
