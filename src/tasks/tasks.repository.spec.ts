import { Databases, insertRun, runRow } from '../../test/support/databases.js';
import { isBlocked } from '../../test/support/interleaving.js';
import { hasPostgres, postgres } from '../../test/support/stores.js';
import { countTransactions } from '../../test/support/transactions.js';
import { Gate, until } from '../../test/support/until.js';
import { Replica } from '../runs/replica.js';
import { TasksRepository } from './tasks.repository.js';

(hasPostgres ? describe : describe.skip)(
  'a task whose session another replica takes in the moment of its claim',
  () => {
    const databases = new Databases(postgres);
    afterAll(() => databases.remove());

    it('waits on, and the writes of its group stand', async () => {
      const url = await databases.newUrl();
      const [here, elsewhere] = [await databases.open(url), await databases.open(url)];
      const tasks = new TasksRepository(here, new Replica());
      const waiting = { ...runRow('waiting'), kind: 'task', status: 'queued', finished_at: null } as const;
      await here.query.insertInto('runs').values(waiting).execute();
      const transactions = countTransactions(here);
      const [commit, inserted] = [new Gate(), new Gate()];

      // The other run is not committed when the claim looks whether somebody holds the session.
      const other = elsewhere.query.transaction().execute(async (transaction) => {
        await transaction
          .insertInto('runs')
          .values({ ...runRow('other'), status: 'running', holds_session: 1, finished_at: null })
          .execute();
        inserted.open();
        await commit.opened;
      });
      await inserted.opened;
      const claimed = tasks.claim('waiting', Infinity);
      const written = insertRun(here, 'written');
      await until('the claim waits for the other run', () => isBlocked(elsewhere));
      commit.open();

      expect(await claimed).toBeUndefined();
      await Promise.all([other, written]);
      expect(transactions).toEqual({ begun: 1, undone: 0 });
    });
  },
);
