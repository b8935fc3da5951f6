import { isExportedRow, isMessage, isSession, isSessionDetailsV2, isSessionV2 } from './answers.js';
import type { ExportedRow, Message, Session, SessionDetailsV2, SessionV2 } from './api.names.js';
import { listCall, pathSegment, readCall, writeCall } from './calls.js';
import type { ListOptions, TenantOptions } from './client.options.js';
import type { Transport } from './transport.js';

const SESSIONS = '/api/v1/agent/sessions';
const SESSIONS_V2 = '/api/v2/agent/sessions';

/**
 * Reads, exports and deletes sessions. It is `sessions` of a `RookeryClient`. An empty id throws a `TypeError`.
 *
 * @example
 * for await (const { session_id } of client.sessions.list()) {
 *   for await (const { role, content } of client.sessions.messages(session_id)) console.log(role, content);
 * }
 */
export class SessionsClient {
  constructor(private readonly transport: Transport) {}

  /**
   * All sessions, newest first. Fetches each page on demand.
   *
   * @throws RookeryError
   *
   * @example
   * for await (const { session_id, updated_at } of client.sessions.list({ endUser: 'ada' })) {
   *   console.log(session_id, updated_at);
   * }
   */
  list({ endUser, ...options }: ListOptions & { readonly endUser?: string } = {}): AsyncGenerator<Session, void> {
    return this.transport.pages(listCall(SESSIONS, options, { end_user: endUser }), isSession);
  }

  /**
   * Same as `list`, in version 2. A session has its first question as its title, and a fork says where it begins.
   *
   * @throws RookeryError
   *
   * @example
   * for await (const { session_id, title } of client.sessions.listV2()) console.log(session_id, title ?? 'Untitled');
   */
  listV2({ endUser, ...options }: ListOptions & { readonly endUser?: string } = {}): AsyncGenerator<SessionV2, void> {
    return this.transport.pages(listCall(SESSIONS_V2, options, { end_user: endUser }), isSessionV2);
  }

  /**
   * Returns a session, without its messages.
   *
   * @throws RookeryError `session_not_found`.
   *
   * @example
   * const { created_at, message_count } = await client.sessions.get('holiday-plans');
   */
  get(sessionId: string, options: TenantOptions = {}): Promise<Session> {
    return this.transport.json(readCall(`${SESSIONS}/${pathSegment(sessionId)}`, options), isSession);
  }

  /**
   * Same as `get`, in version 2: with its title, the run that it forks, and the calls that wait for your results.
   *
   * @throws RookeryError `session_not_found`.
   *
   * @example
   * const { title, forked_from, pending_calls = [] } = await client.sessions.getV2('weather-1');
   * const tool_results = pending_calls.map(({ call_id }) => ({ call_id, output: '7 degrees' }));
   * if (tool_results.length > 0) await client.chatV2({ session_id: 'weather-1', tool_results });
   */
  getV2(sessionId: string, options: TenantOptions = {}): Promise<SessionDetailsV2> {
    return this.transport.json(readCall(`${SESSIONS_V2}/${pathSegment(sessionId)}`, options), isSessionDetailsV2);
  }

  /**
   * All messages of a session, newest first. Fetches each page on demand.
   *
   * @throws RookeryError `session_not_found`.
   *
   * @example
   * for await (const { role, content } of client.sessions.messages('holiday-plans')) console.log(role, content);
   */
  messages(sessionId: string, options: ListOptions = {}): AsyncGenerator<Message, void> {
    return this.transport.pages(listCall(`${SESSIONS}/${pathSegment(sessionId)}/messages`, options), isMessage);
  }

  /**
   * All data of a session, row by row. The last row has the type `end`; without it the export is incomplete.
   *
   * @throws RookeryError `session_not_found`.
   *
   * @example
   * for await (const row of client.sessions.export('holiday-plans')) console.log(JSON.stringify(row));
   */
  export(sessionId: string, options: TenantOptions = {}): AsyncGenerator<ExportedRow, void> {
    return this.transport.lines(readCall(`${SESSIONS}/${pathSegment(sessionId)}/export`, options), isExportedRow);
  }

  /**
   * Deletes a session and all its data. Ends the active run of the session.
   *
   * @throws RookeryError `session_not_found`.
   *
   * @example
   * await client.sessions.delete('holiday-plans');
   */
  delete(sessionId: string, options: TenantOptions = {}): Promise<void> {
    const call = writeCall('DELETE', `${SESSIONS}/${pathSegment(sessionId)}`, options);
    return this.transport.send(call, async (response) => response.body?.cancel());
  }
}
