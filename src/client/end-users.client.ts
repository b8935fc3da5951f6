import { isErasedData, isExportedRow } from './answers.js';
import type { ErasedData, ExportedRow } from './api.names.js';
import { pathSegment, readCall, writeCall } from './calls.js';
import type { TenantOptions } from './client.options.js';
import type { Transport } from './transport.js';

const END_USERS = '/api/v1/agent/end-users';

/**
 * Exports and erases all data of an end user. It is `endUsers` of a `RookeryClient`. An empty id throws a `TypeError`.
 *
 * @example
 * const { sessions, messages } = await client.endUsers.erase('ada');
 */
export class EndUsersClient {
  constructor(private readonly transport: Transport) {}

  /**
   * All data of an end user, row by row. The last row has the type `end`; without it the export is incomplete.
   *
   * @throws RookeryError `not_found` if nothing of them is stored.
   *
   * @example
   * for await (const row of client.endUsers.export('ada')) console.log(JSON.stringify(row));
   */
  export(endUser: string, options: TenantOptions = {}): AsyncGenerator<ExportedRow, void> {
    return this.transport.lines(readCall(`${END_USERS}/${pathSegment(endUser)}/export`, options), isExportedRow);
  }

  /**
   * Erases all data of an end user. Cancels their active runs. Repeat the call if it fails.
   *
   * @throws RookeryError `storage_unavailable` while another process reads the database file.
   *
   * @example
   * const { sessions, messages, runs } = await client.endUsers.erase('ada');
   */
  erase(endUser: string, options: TenantOptions = {}): Promise<ErasedData> {
    const call = writeCall('DELETE', `${END_USERS}/${pathSegment(endUser)}`, options);
    return this.transport.json(call, isErasedData);
  }
}
