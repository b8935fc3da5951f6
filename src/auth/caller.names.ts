import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SharedSecret } from '../storage/shared.secret.js';
import { AuthModuleOptions } from './authenticator.factory.js';
import { isOperator, type Principal } from './principal.js';

const PSEUDONYM_LENGTH = 16;

/**
 * The caller on a log line.
 *
 * @example
 * import type { CallerFields } from 'rookery';
 *
 * const fields: CallerFields = { caller: 'key:8796a5b4c3d2e1f0', tenant: 'acme' };
 */
export interface CallerFields {
  /** The id of the principal. An end user has a pseudonym, `user:…`, which is the same in all replicas. */
  readonly caller: string;
  /** The tenant of the principal. */
  readonly tenant: string;
}

/**
 * Names callers in the log. It has no name of an end user, and no network address if `logAddresses` is false.
 *
 * @example
 * import { Injectable, Logger } from '@nestjs/common';
 * import { CallerNames, type Principal } from 'rookery';
 *
 * \@Injectable()
 * export class OrderLog {
 *   constructor(private readonly names: CallerNames) {}
 *
 *   ordered(principal: Principal) {
 *     new Logger('orders').log({ ...this.names.fieldsOf(principal), msg: 'ordered' });
 *   }
 * }
 */
@Injectable()
export class CallerNames {
  readonly #key: KeyObject;

  constructor(
    secret: SharedSecret,
    private readonly options: AuthModuleOptions,
  ) {
    this.#key = createSecretKey(secret.keyFor('callers in the log'));
  }

  /** The fields of a log line. Operators and API keys have their ids, as in the audit. */
  fieldsOf(principal: Principal): CallerFields {
    return { caller: this.#nameOf(principal), tenant: principal.tenant };
  }

  /** The address for a log line; undefined if addresses are left out. */
  addressOf(address: string): string | undefined {
    return this.options.logAddresses ? address : undefined;
  }

  #nameOf(principal: Principal): string {
    const { id, endUser, tenant } = principal;
    if (id.startsWith('ip:')) return this.options.logAddresses ? id : 'anonymous';
    const isPerson = endUser !== undefined && !id.startsWith('key:') && id.includes(endUser) && !isOperator(principal);
    if (!isPerson) return id;
    const digest = createHmac('sha256', this.#key)
      .update(JSON.stringify([tenant, endUser]))
      .digest('base64url');
    return `user:${digest.slice(0, PSEUDONYM_LENGTH)}`;
  }
}
