import { type ApiKey, type KeysService, type NewApiKey, openKeys, scopesAmong, SCOPES } from '../index.js';
import { commandLineActor, parseCommandLine, runCommand, UsageError, wholeNumber, writeLine } from './command.line.js';
import { readEnvironment } from './settings/environment.reader.js';
import { listOf } from './settings/setting.rules.js';

const USAGE = `Usage:
  npm run keys -- create --name NAME --tenant TENANT --scopes chat,tasks [--expires 90d]
                         [--requests-per-minute N] [--tokens-per-month N] [--cost-per-month USD]
  npm run keys -- list [--tenant TENANT]
  npm run keys -- revoke ID [--keep-tasks]
  npm run keys -- rotate ID [--overlap 1h]
Scopes: ${SCOPES.join(', ')}. Durations: 90d, 12h, 30m, 45s.`;

const OPTIONS = {
  name: { type: 'string' },
  tenant: { type: 'string' },
  scopes: { type: 'string' },
  expires: { type: 'string' },
  overlap: { type: 'string' },
  'keep-tasks': { type: 'boolean' },
  'requests-per-minute': { type: 'string' },
  'tokens-per-month': { type: 'string' },
  'cost-per-month': { type: 'string' },
} as const;
const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const PAGE = 100;

/**
 * Creates, lists, rotates and revokes keys in the configured database. The service may be running.
 *
 * @param args the command-line arguments.
 * @returns the exit code.
 */
export async function runKeysCommand(args: readonly string[]): Promise<number> {
  return await runCommand(async () => {
    const command = read(args);
    const opened = await openKeys(readEnvironment(process.env, { areFilesRead: false }).DATABASE_URL);
    try {
      await command(opened.keys);
    } finally {
      await opened.close();
    }
    return 0;
  }, USAGE);
}

type Command = (keys: KeysService) => Promise<void>;

function read(args: readonly string[]): Command {
  const { values, positionals } = parseCommandLine(args, OPTIONS);
  const [name, id, ...rest] = positionals;
  if (rest.length > 0) throw new UsageError(`Unexpected argument "${rest[0]}".`);
  if (name === 'create' && id === undefined) return create(values);
  if (name === 'list' && id === undefined) return list(values.tenant);
  if (name === 'revoke' && id !== undefined) return revoke(id, values['keep-tasks'] === true);
  if (name === 'rotate' && id !== undefined) return rotate(id, values.overlap);
  throw new UsageError(
    name === 'revoke' || name === 'rotate' ? 'The ID of the key is missing.' : 'The command is missing or unknown.',
  );
}

type Values = Readonly<Partial<Record<Exclude<keyof typeof OPTIONS, 'keep-tasks'>, string>>>;

function create(values: Values): Command {
  const { name, tenant, scopes = '', expires } = values;
  if (name === undefined || tenant === undefined || scopes === '') {
    throw new UsageError('create needs --name, --tenant and --scopes.');
  }
  const names = listOf(scopes);
  const unknown = names.find((scope) => scopesAmong([scope]).length === 0);
  if (unknown !== undefined) throw new UsageError(`The scope "${unknown}" does not exist.`);
  const input: NewApiKey = {
    name,
    tenant,
    scopes: scopesAmong(names),
    expiresAt: expires === undefined ? undefined : new Date(Date.now() + durationMs(expires)),
    requestsPerMinute: optional(values['requests-per-minute'], wholeNumber),
    tokensPerMonth: optional(values['tokens-per-month'], wholeNumber),
    costPerMonth: optional(values['cost-per-month'], usd),
  };
  return async (keys) => {
    const { key: secret, ...key } = await keys.create(input, commandLineActor());
    writeLine(process.stdout, `${lineOf(key)}\nThe key is shown only once:\n${secret}`);
  };
}

function list(tenant: string | undefined): Command {
  return async (keys) => {
    let cursor: string | undefined;
    do {
      const { items, next_cursor } = await keys.list({ tenant, limit: PAGE, cursor });
      for (const key of items) writeLine(process.stdout, lineOf(key));
      cursor = next_cursor ?? undefined;
    } while (cursor !== undefined);
  };
}

function revoke(id: string, keepTasks: boolean): Command {
  return async (keys) => {
    await keys.revoke(id, commandLineActor(), { keepTasks });
    writeLine(process.stdout, `${id} is revoked. Its unfinished tasks ${keepTasks ? 'go on' : 'are cancelled'}.`);
  };
}

function rotate(id: string, overlap: string | undefined): Command {
  const overlapMs = overlap === undefined ? 0 : durationMs(overlap);
  return async (keys) => {
    const { key: secret, ...key } = await keys.rotate(id, overlapMs, commandLineActor());
    writeLine(process.stdout, `${lineOf(key)}\nThe key is shown only once:\n${secret}`);
  };
}

/** Formats a key as one line. */
function lineOf({ key_id, name, tenant, scopes, ...key }: ApiKey): string {
  const facts = [
    key.requests_per_minute === undefined ? undefined : `${key.requests_per_minute} requests per minute`,
    key.tokens_per_month === undefined ? undefined : `${key.tokens_per_month} tokens per month`,
    key.cost_per_month === undefined ? undefined : `$${key.cost_per_month} per month`,
    key.expires_at === undefined ? undefined : `expires ${key.expires_at}`,
    key.last_used_at === undefined ? undefined : `last used ${key.last_used_at}`,
    key.revoked_at === undefined ? undefined : `revoked ${key.revoked_at}`,
  ].filter((fact) => fact !== undefined);
  return [key_id, JSON.stringify(name), tenant, scopes.join(','), ...facts].join('  ');
}

function durationMs(text: string): number {
  const [, amount, unit = ''] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? [];
  const unitMs = UNITS_MS[unit];
  if (unitMs === undefined) throw new UsageError(`"${text}" is not a duration. Use 90d, 12h, 30m or 45s.`);
  return Number(amount) * unitMs;
}

function optional(text: string | undefined, parse: (text: string) => number): number | undefined {
  return text === undefined ? undefined : parse(text);
}

function usd(text: string): number {
  if (!/^\d{1,9}(\.\d{1,6})?$/.test(text)) throw new UsageError(`"${text}" is not an amount of US dollars.`);
  return Number(text);
}
