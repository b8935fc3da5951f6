// Lints the OpenAPI documents that the service serves. Checks the first one against the contract of version 1, and the client's
// types against it. With `--renew`, adds new parts to the contract and generates the types again.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { clientTypesOf } from './client.types.mjs';
import { breakingChanges, contractOf } from '../test/support/contract/contract.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync(join(tmpdir(), 'rookery-openapi-'));
const CONTRACT = join(ROOT, 'docs', 'openapi.v1.json');
const CLIENT_TYPES = join(ROOT, 'src', 'client', 'api.types.ts');

const service = spawn(process.execPath, [join(ROOT, 'dist', 'main.js')], {
  cwd: folder,
  env: { PATH: process.env.PATH, PORT: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
});

try {
  const url = await listeningUrl();
  const served = await fetchDocument(`${url}/openapi.json`);
  const documents = [
    ['openapi.json', served],
    ['openai.json', await fetchDocument(`${url}/v1/openapi.json`)],
  ].map(([name, text]) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  });
  const kept = [keepContract(JSON.parse(served)), await keepClientTypes(JSON.parse(served))];
  process.exitCode = lintBySpectral(documents) || lintByRedocly(documents) || Math.max(...kept);
} finally {
  service.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}

/** Applies the rules of OpenAPI and OWASP. */
function lintBySpectral(files) {
  const rules = join(ROOT, '.ci', 'spectral.yaml');
  return run('@stoplight/spectral-cli/dist/index.js', 'lint', ...files, '--ruleset', rules, '--fail-severity', 'warn');
}

function lintByRedocly(files) {
  return run('@redocly/cli/bin/cli.js', 'lint', ...files, '--config', join(ROOT, '.ci', 'redocly.yaml'));
}

/** Returns the exit code. Both linters run without telemetry and update checks. */
function run(module, ...args) {
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  const script = join(ROOT, 'node_modules', module);
  return spawnSync(process.execPath, [script, ...args], { stdio: 'inherit', env }).status ?? 1;
}

async function listeningUrl() {
  for await (const line of createInterface(service.stdout)) {
    const { msg, url } = JSON.parse(line);
    if (msg === 'listening') return url;
  }
  throw new Error('The service ended before it listened.');
}

async function fetchDocument(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
  return response.text();
}

/** Returns 0 if version 1 has not changed. */
function keepContract(served) {
  const stored = readFileSync(CONTRACT, 'utf8');
  const contract = contractOf(served);
  const breaks = breakingChanges(JSON.parse(stored), contract);
  if (breaks.length > 0) {
    process.stderr.write(`Version 1 of the API is frozen. These changes break it:\n- ${breaks.join('\n- ')}\n`);
    return 1;
  }
  const text = `${JSON.stringify(contract, null, 2)}\n`;
  if (text === stored) return 0;
  if (process.argv.includes('--renew')) {
    writeFileSync(CONTRACT, text);
    return 0;
  }
  process.stderr.write('Version 1 of the API has grown. Update the contract: npm run contract\n');
  return 1;
}

/** Returns 0 if the client's types match the document. */
async function keepClientTypes(served) {
  const text = await clientTypesOf(served, CLIENT_TYPES);
  if (existsSync(CLIENT_TYPES) && readFileSync(CLIENT_TYPES, 'utf8') === text) return 0;
  if (process.argv.includes('--renew')) {
    writeFileSync(CLIENT_TYPES, text);
    return 0;
  }
  process.stderr.write('src/client/api.types.ts does not match the OpenAPI document. Generate it: npm run contract\n');
  return 1;
}
