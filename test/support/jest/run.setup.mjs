import { randomUUID } from 'node:crypto';
import { mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const IN_MEMORY = '/dev/shm';
const NEEDED_BYTES = 2 ** 30;

/**
 * Names this run of the tests, and creates the folder for its temporary files. The folder is in memory if there is
 * space, because SQLite waits for the disk at each commit.
 */
export default function setUp() {
  process.env.TEST_RUN = randomUUID().slice(0, 8);
  process.env.TMPDIR = mkdtempSync(join(hasRoom() ? IN_MEMORY : tmpdir(), 'rookery-tests-'));
}

function hasRoom() {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return bavail * bsize > NEEDED_BYTES;
  } catch {
    return false;
  }
}
