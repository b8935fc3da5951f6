// Lints the OpenAPI document of the service as it is served.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync(join(tmpdir(), 'rookery-openapi-'));
const document = join(folder, 'openapi.json');

const service = spawn(process.execPath, [join(ROOT, 'dist', 'main.js')], {
  cwd: folder,
  env: { PATH: process.env.PATH, PORT: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
});

try {
  writeFileSync(document, await fetchDocument(await listeningUrl()));
  const spectral = join(ROOT, 'node_modules', '@stoplight', 'spectral-cli', 'dist', 'index.js');
  const rules = join(ROOT, '.ci', 'spectral.yaml');
  const lint = spawnSync(
    process.execPath,
    [spectral, 'lint', document, '--ruleset', rules, '--fail-severity', 'warn'],
    {
      stdio: 'inherit',
    },
  );
  process.exitCode = lint.status ?? 1;
} finally {
  service.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}

async function listeningUrl() {
  for await (const line of createInterface(service.stdout)) {
    const { msg, url } = JSON.parse(line);
    if (msg === 'listening') return url;
  }
  throw new Error('The service ended before it listened.');
}

async function fetchDocument(url) {
  const response = await fetch(`${url}/openapi.json`);
  if (!response.ok) throw new Error(`/openapi.json answered ${response.status}.`);
  return response.text();
}
