// Checks that no folder has more files than a reader can take in at a glance.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const MAX_FILES = 28;
const ROOT = fileURLToPath(new URL('..', import.meta.url));

const entries = ['src', 'studio', 'test', 'bench', '.ci'].flatMap((folder) =>
  readdirSync(`${ROOT}${folder}`, { recursive: true, withFileTypes: true }),
);
const folders = Map.groupBy(
  entries.filter((entry) => entry.isFile()),
  ({ parentPath }) => parentPath.slice(ROOT.length),
);
for (const [folder, { length }] of folders) {
  if (length <= MAX_FILES) continue;
  process.stderr.write(`${folder} has ${length} files, at most ${MAX_FILES}: move some to subfolders.\n`);
  process.exitCode = 1;
}
