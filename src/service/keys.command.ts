import { SCOPES } from '../auth/scopes.js';
import type { ApiKey, KeysService } from '../index.js';
import {
  asCalled,
  commandLineActor,
  parseCommandLine,
  runCommand,
  UsageError,
  warnOfMisspelt,
  writeLine,
} from './command.line.js';
import { requireDatabase } from './commands/database.file.js';
import { durationMs, KEY_OPTIONS, type KeyValues, limitChangesOf, limitsOf, scopesOf } from './key.options.js';
import { databaseOf } from './startup/start.facts.js';

const USAGE = asCalled(`Usage:
  npm run keys -- create --name NAME --tenant TENANT --scopes chat,tasks [--expires 90d]
                         [--requests-per-minute N] [--tokens-per-month N] [--cost-per-month USD]
                         [--end-user required|optional] [--agents ROLE,ROLE] [--models NAME,NAME]
                         [--ip-ranges 203.0.113.0/24,2001:db8::/32]
  npm run keys -- update ID OPTIONS of create, except --tenant; an empty value removes a limit
  npm run keys -- list [--tenant TENANT]
  npm run keys -- revoke ID [--keep-tasks]
  npm run keys -- rotate ID [--overlap 1h]
  npm run keys -- --help | --version
Scopes: ${SCOPES.join(', ')}. Durations: 90d, 12h, 30m, 45s.`);

const OPTIONS = { ...KEY_OPTIONS, overlap: { type: 'string' }, 'keep-tasks': { type: 'boolean' } } as const;
const PAGE = 100;

/**
 * Creates, lists, changes, rotates and revokes keys in the configured database. The service may be running.
 *
 * @param args the command-line arguments.
 * @returns the exit code.
 */
export async function runKeysCommand(args: readonly string[]): Promise<number> {
  return await runCommand(
    args,
    async () => {
      const { name, execute } = read(args);
      // Usage and its errors need neither.
      const { readEnvironment } = await import('./settings/environment.reader.js');
      const { openKeys } = await import('../index.js');
      const environment = readEnvironment(process.env, { areFilesRead: false });
      warnOfMisspelt(environment);
      const { DATABASE_URL, KEY_TTL_DAYS, KEY_MAX_DAYS } = environment;
      // Keys may be created before the first start.
      if (name !== 'create') await requireDatabase(DATABASE_URL);
      const opened = await openKeys(DATABASE_URL, { ttlDays: KEY_TTL_DAYS, maxDays: KEY_MAX_DAYS });
      try {
        await execute(opened.keys, databaseOf(DATABASE_URL));
      } finally {
        await opened.close();
      }
      return 0;
    },
    USAGE,
  );
}

type Values = KeyValues & { readonly overlap?: string; readonly 'keep-tasks'?: boolean };

/** `database` names the database for people. */
type Command = (keys: KeysService, database: string) => Promise<void>;

function read(args: readonly string[]): { name: string | undefined; execute: Command } {
  const { values, positionals } = parseCommandLine(args, OPTIONS);
  const [name, id, ...rest] = positionals;
  if (rest.length > 0) throw new UsageError(`Unexpected argument "${rest[0]}".`);
  return { name, execute: commandOf(name, id, values) };
}

function commandOf(name: string | undefined, id: string | undefined, values: Values): Command {
  if (name === 'create' && id === undefined) return create(values);
  if (name === 'list' && id === undefined) return list(values.tenant);
  if (name === 'revoke' && id !== undefined) return revoke(id, values['keep-tasks'] === true);
  if (name === 'update' && id !== undefined) return update(id, values);
  if (name === 'rotate' && id !== undefined) return rotate(id, values.overlap);
  throw new UsageError(
    name === 'revoke' || name === 'rotate' || name === 'update'
      ? 'The ID of the key is missing.'
      : 'The command is missing or unknown.',
  );
}

function create(values: KeyValues): Command {
  const { name, tenant, scopes = '' } = values;
  if (name === undefined || tenant === undefined || scopes === '') {
    throw new UsageError('create needs --name, --tenant and --scopes.');
  }
  const input = { ...limitsOf(values), name, tenant, scopes: scopesOf(scopes) };
  return async (keys) => {
    const { key: secret, ...key } = await keys.create(input, commandLineActor());
    writeLine(process.stdout, `${lineOf(key)}\nThe key is shown only once:\n${secret}`);
  };
}

function update(id: string, values: KeyValues): Command {
  const { name, tenant, scopes } = values;
  if (tenant !== undefined) throw new UsageError('The tenant of a key cannot change.');
  const changes = { ...limitChangesOf(values), name, scopes: scopes === undefined ? undefined : scopesOf(scopes) };
  return async (keys) => writeLine(process.stdout, lineOf(await keys.update(id, changes, commandLineActor())));
}

function list(tenant: string | undefined): Command {
  return async (keys, database) => {
    let cursor: string | undefined;
    let isEmpty = true;
    do {
      const { items, next_cursor } = await keys.list({ tenant, limit: PAGE, cursor });
      for (const key of items) writeLine(process.stdout, lineOf(key));
      isEmpty &&= items.length === 0;
      cursor = next_cursor ?? undefined;
    } while (cursor !== undefined);
    if (!isEmpty) return;
    // Not on the standard output, which programs read.
    const whose = tenant === undefined ? '' : ` of the tenant "${tenant}"`;
    writeLine(process.stderr, asCalled(`${database} has no keys${whose}. \`npm run keys -- create\` creates one.`));
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
    key.end_user === undefined ? undefined : `end user ${key.end_user}`,
    key.agent_roles === undefined ? undefined : `agents ${key.agent_roles.join(',')}`,
    key.models === undefined ? undefined : `models ${key.models.join(',')}`,
    key.ip_ranges === undefined ? undefined : `from ${key.ip_ranges.join(',')}`,
    key.expires_at === undefined ? undefined : `expires ${key.expires_at}`,
    key.last_used_at === undefined ? undefined : `last used ${key.last_used_at}`,
    key.revoked_at === undefined ? undefined : `revoked ${key.revoked_at}`,
  ].filter((fact) => fact !== undefined);
  return [key_id, JSON.stringify(name), tenant, scopes.join(','), ...facts].join('  ');
}
