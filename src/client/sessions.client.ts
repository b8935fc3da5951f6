import { isMessage, isSession } from './answers.js';
import type { Message, Session } from './api.names.js';
import { changing, part, reading } from './calls.js';
import type { ListOptions, TenantOptions } from './client.options.js';
import { pagesOf } from './pages.js';
import type { Transport } from './transport.js';

const SESSIONS = '/api/v1/agent/sessions';

/** Reads and deletes sessions. */
export class SessionsClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** All sessions, newest first. */
  list({ endUser, ...options }: ListOptions & { readonly endUser?: string } = {}): AsyncGenerator<Session, void> {
    return pagesOf(this.#transport, { path: SESSIONS, isItem: isSession, filter: { end_user: endUser } }, options);
  }

  get(sessionId: string, options: TenantOptions = {}): Promise<Session> {
    return this.#transport.json(reading(`${SESSIONS}/${part(sessionId)}`, options), isSession);
  }

  /** All messages of a session, newest first. */
  messages(sessionId: string, options: ListOptions = {}): AsyncGenerator<Message, void> {
    return pagesOf(this.#transport, { path: `${SESSIONS}/${part(sessionId)}/messages`, isItem: isMessage }, options);
  }

  /** Deletes a session and all its data. */
  delete(sessionId: string, options: TenantOptions = {}): Promise<void> {
    return this.#transport.nothing(changing('DELETE', `${SESSIONS}/${part(sessionId)}`, options));
  }
}
