import { APP } from '../../bench/chaos/fleet.ts';
import { measureLosses } from '../../bench/chaos/nothing-lost.ts';
import { clusterPlace, embeddedPlace, type Place, within } from '../../bench/chaos/places.ts';
import { bundledApp } from '../support/service/bundled.app.js';
import { hasPostgres, redisUrl } from '../support/storage/stores.js';

const hasCluster = hasPostgres && (await redisUrl()) !== undefined;
const LIMIT_MS = 120_000;

describe('tasks whose processes are killed', () => {
  it('complete in one process, without a repeated effect', () => completesAll(embeddedPlace, 40, 1), LIMIT_MS);

  (hasCluster ? it : it.skip)(
    'complete by two replicas, without a repeated effect',
    () => completesAll(clusterPlace, 60, 2),
    LIMIT_MS,
  );
});

/** @param open opens a new place for each try, so that a second try finds no data of the first. */
async function completesAll(open: () => Promise<Place | undefined>, tasks: number, replicas: number): Promise<void> {
  const place = await open();
  if (!place) throw new Error('The stores do not answer.');
  const { databaseUrl } = place;
  const app = await bundledApp(APP);
  const work = { app, tasks, kills: 2, replicas, concurrency: 4, databaseUrl, redisUrl: place.redisUrl };
  const report = await within(place, () => measureLosses(work));
  expect(report).toMatchObject({ acknowledged: tasks, completed: tasks, faults: [] });
  // Without extra attempts, the kills came too late to have an effect.
  expect(report.attempts).toBeGreaterThan(tasks);
}
