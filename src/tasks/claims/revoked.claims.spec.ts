import { agentsWith, Databases, runRow, switchesOf } from '../../../test/support/storage/databases.js';
import { stores } from '../../../test/support/storage/stores.js';
import { KeysRepository } from '../../keys/keys.repository.js';
import { KeysService } from '../../keys/keys.service.js';
import { ReplicaId } from '../../runs/recovery/replica.id.js';
import { LocalPubSub } from '../../storage/pubsub/local.pubsub.js';
import { ClaimsRepository } from './claims.repository.js';

describe.each(stores)('the claim of a task of a revoked key, on $name', (store) => {
  const databases = new Databases(store);
  afterEach(() => databases.remove());

  it.each([
    { keepTasks: false, cancel_reason: 'Cancelled because its API key was revoked.' },
    { keepTasks: true, cancel_reason: null },
  ])('finds it cancelled, unless tasks are kept: $keepTasks', async ({ keepTasks, cancel_reason }) => {
    const database = await databases.open();
    const keys = new KeysService(new KeysRepository(database), new LocalPubSub(), {
      ttlDays: undefined,
      maxDays: undefined,
    });
    const { key_id } = await keys.create({ name: 'k', tenant: 'default', scopes: ['tasks'] }, 'test');
    await keys.revoke(key_id, 'test', { keepTasks });
    // Its submission was under way during the revocation.
    const task = { ...runRow('late'), kind: 'task', status: 'queued', attempt: 0, finished_at: null } as const;
    const late = { ...task, caller: `key:${key_id}` };
    await database.write((transaction) => transaction.insertInto('runs').values(late).execute());

    const claims = new ClaimsRepository(database, new ReplicaId(), switchesOf(database), agentsWith());

    expect(await claims.claimNext(undefined)).toMatchObject({ status: 'running', cancel_reason });
  });
});
