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
  requireNode();
  process.env.TEST_RUN = randomUUID().slice(0, 8);
  process.env.TMPDIR = mkdtempSync(join(hasRoom() ? IN_MEMORY : tmpdir(), 'rookery-tests-'));
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 9)) return;
  throw new Error(
    `The tests need Node 24.9 or newer, but this is ${process.versions.node}. Run \`npm test\`, which has its own Node on Linux.`,
  );
}

function hasRoom() {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return bavail * bsize > NEEDED_BYTES;
  } catch {
    return false;
  }
}
