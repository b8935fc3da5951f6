import { until } from '../../test/support/until.js';
import { FolderWatcher } from './folder.watcher.js';

const EVERY_MS = 2;

describe('a folder watch', () => {
  let polls: number;
  let changes: string[];
  let watch: FolderWatcher;

  beforeEach(() => {
    polls = 0;
    changes = [];
  });

  afterEach(() => watch.close());

  /** @param seen the result of each poll; the last one repeats. */
  function start(...seen: (string | Error)[]): void {
    const signature = async (): Promise<string> => {
      const found = seen[Math.min(polls++, seen.length - 1)] ?? '';
      if (found instanceof Error) throw found;
      return found;
    };
    const onChange = async (): Promise<void> => void changes.push(String(seen[polls - 1]));
    watch = new FolderWatcher(signature, onChange, 'a', EVERY_MS);
  }

  const untilPolled = (times: number) => until(`${times} polls`, () => polls > times);

  it('reports a change once it has settled', async () => {
    start('a', 'b', 'c', 'd', 'd', 'd');
    await untilPolled(10);

    expect(changes).toEqual(['d']);
  });

  it('ignores a change that is undone', async () => {
    start('a', 'b', 'a', 'a');
    await untilPolled(10);

    expect(changes).toEqual([]);
  });

  it('reports an unreadable folder, and its return', async () => {
    const gone = new Error('gone');
    start('a', gone, gone, gone, 'a', 'a', 'a');
    await untilPolled(12);

    expect(changes).toEqual(['Error: gone', 'a']);
  });
});
