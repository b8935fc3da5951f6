import { isKey, isMadeKey } from './answers.js';
import type { ApiKey, KeyChanges, KeyRotation, MadeKey, NewKey } from './api.names.js';
import { listCall, pathSegment, writeCall } from './calls.js';
import type { CallOptions, ListOptions } from './client.options.js';
import type { Transport } from './transport.js';

const KEYS = '/api/v1/admin/keys';

/** A permission of credentials. */
export type Scope = NewKey['scopes'][number];

/**
 * All scopes that a key may have.
 *
 * @example
 * import { SCOPES } from 'rookery/client';
 *
 * const scopes = SCOPES.filter((scope) => scope.endsWith(':read'));
 * const { key } = await client.keys.create({ name: 'Reader', tenant: 'acme', scopes });
 */
export const SCOPES = [
  'chat',
  'tasks',
  'approvals',
  'sessions:read',
  'sessions:write',
  'usage:read',
  'metrics',
  'releases:pin',
  'admin',
] as const satisfies readonly Scope[];

/**
 * Manages API keys, with the scope `admin`. It is `keys` of a `RookeryClient`. An empty id throws a `TypeError`.
 *
 * @example
 * const { key } = await client.keys.create({ name: 'Help desk', tenant: 'acme', scopes: ['chat'] });
 * console.log(`Shown only once: ${key}`);
 */
export class KeysClient {
  constructor(private readonly transport: Transport) {}

  /**
   * All keys, newest first, also revoked ones. Fetches each page on demand.
   *
   * @throws RookeryError
   *
   * @example
   * for await (const { key_id, name, revoked_at } of client.keys.list({ tenant: 'acme' })) {
   *   if (revoked_at === undefined) console.log(key_id, name);
   * }
   */
  list(options: ListOptions = {}): AsyncGenerator<ApiKey, void> {
    return this.transport.pages(listCall(KEYS, options), isKey);
  }

  /**
   * Creates a key. Only this answer has its secret.
   *
   * @throws RookeryError `validation_failed`.
   *
   * @example
   * const { key_id, key } = await client.keys.create({ name: 'Help desk', tenant: 'acme', scopes: ['chat', 'tasks'] });
   */
  create(key: NewKey, options: CallOptions = {}): Promise<MadeKey> {
    return this.transport.json({ ...writeCall('POST', KEYS, options), body: key }, isMadeKey);
  }

  /**
   * Changes the name, scopes, expiry or limits of a key. Null removes a limit.
   *
   * @throws RookeryError `not_found`, or `validation_failed`.
   *
   * @example
   * await client.keys.update('8796a5b4c3d2e1f0', { tokens_per_month: 1_000_000, requests_per_minute: null });
   */
  update(keyId: string, changes: KeyChanges, options: CallOptions = {}): Promise<ApiKey> {
    const call = writeCall('PATCH', `${KEYS}/${pathSegment(keyId)}`, options);
    return this.transport.json({ ...call, body: changes, isRepeatable: true }, isKey);
  }

  /**
   * Gives a key a new secret. The old one stays valid for `overlap_seconds`.
   *
   * @throws RookeryError `not_found`.
   *
   * @example
   * const { key } = await client.keys.rotate('8796a5b4c3d2e1f0', { overlap_seconds: 3600 });
   */
  rotate(keyId: string, rotation: KeyRotation = {}, options: CallOptions = {}): Promise<MadeKey> {
    const call = writeCall('POST', `${KEYS}/${pathSegment(keyId)}/rotate`, options);
    return this.transport.json({ ...call, body: rotation }, isMadeKey);
  }

  /**
   * Revokes a key at once. Its unfinished tasks are cancelled.
   *
   * @throws RookeryError `not_found`.
   *
   * @example
   * await client.keys.revoke('8796a5b4c3d2e1f0');
   */
  revoke(keyId: string, options: CallOptions = {}): Promise<void> {
    const call = writeCall('DELETE', `${KEYS}/${pathSegment(keyId)}`, options);
    return this.transport.send(call, async (response) => response.body?.cancel());
  }
}
