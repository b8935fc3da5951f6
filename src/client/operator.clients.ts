import { isReleases, isSwitches } from './answers.js';
import type { ReleaseList, Switch, SwitchChange } from './api.names.js';
import { readCall, writeCall } from './calls.js';
import type { CallOptions } from './client.options.js';
import type { Transport } from './transport.js';

const ADMIN = '/api/v1/admin';

/**
 * Reads the releases of the agents, with the scope `admin`. It is `releases` of a `RookeryClient`.
 *
 * @example
 * const { items, flags } = await client.releases.list();
 * for (const { name, role, model } of items) console.log(name, role, model, flags);
 */
export class ReleasesClient {
  constructor(private readonly transport: Transport) {}

  /**
   * The releases in the order of their files, and the source of the flags.
   *
   * @throws RookeryError
   *
   * @example
   * const { refused } = await client.releases.list();
   * if (refused !== undefined) console.error(`The last change was refused: ${refused}`);
   */
  list(options: CallOptions = {}): Promise<ReleaseList> {
    return this.transport.json(readCall(`${ADMIN}/releases`, options), isReleases);
  }
}

/**
 * Stops agents, tools and tenants, with the scope `admin`. It is `switches` of a `RookeryClient`.
 *
 * @example
 * await client.switches.set({ kind: 'tool', name: 'refund', stopped: true, reason: 'Under investigation.' });
 */
export class SwitchesClient {
  constructor(private readonly transport: Transport) {}

  /**
   * Everything that is stopped.
   *
   * @throws RookeryError
   *
   * @example
   * for (const { kind, name, reason } of await client.switches.list()) console.log(kind, name, reason);
   */
  async list(options: CallOptions = {}): Promise<readonly Switch[]> {
    const { items } = await this.transport.json(readCall(`${ADMIN}/switches`, options), isSwitches);
    return items;
  }

  /**
   * Stops an agent, tool or tenant, or lets it run again. Returns everything that is stopped.
   *
   * @throws RookeryError `validation_failed`.
   *
   * @example
   * await client.switches.set({ kind: 'role', name: 'coder', stopped: false });
   */
  async set(change: SwitchChange, options: CallOptions = {}): Promise<readonly Switch[]> {
    const call = { ...writeCall('PUT', `${ADMIN}/switches`, options), body: change, isRepeatable: true };
    const { items } = await this.transport.json(call, isSwitches);
    return items;
  }
}
