import { nothingLost } from '../bench/chaos/nothing-lost.ts';
import { clusterPlace, embeddedPlace, type Place, within } from '../bench/chaos/places.ts';

const cluster = await clusterPlace();
const LIMIT_MS = 60_000;

describe('tasks whose processes are killed while they work', () => {
  it(
    'are all completed, and nothing of them is done twice, in one process',
    () => keepsAll(embeddedPlace(), 20, 1),
    LIMIT_MS,
  );

  (cluster ? it : it.skip)(
    'are all completed, and nothing of them is done twice, by two replicas',
    () => keepsAll(Promise.resolve(cluster), 16, 2),
    LIMIT_MS,
  );
});

async function keepsAll(at: Promise<Place | undefined>, tasks: number, replicas: number): Promise<void> {
  const place = await at;
  if (!place) throw new Error('There is no place for it.');
  const { databaseUrl, redisUrl } = place;
  const work = { tasks, kills: 2, replicas, concurrency: 4, databaseUrl, redisUrl };
  const report = await within(place, () => nothingLost(work));
  expect(report).toMatchObject({ acknowledged: tasks, completed: tasks, faults: [] });
  // Else the kills have come too late to harm anything.
  expect(report.attempts).toBeGreaterThan(tasks);
}
