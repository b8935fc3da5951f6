import { setImmediate as nextTick } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Schema } from '../../storage/schema.js';
import { type ClaimRules, lastWalked, nextBySession, nextOfCallers } from './fair.query.js';

/** Parts of the queue that a thorough search walks. */
const MAX_PARTS = 10;
/** Other searches walk at most one part in this time: a tenant may have thousands of tasks that must wait. */
const WALK_INTERVAL_MS = 100;
/** Tenants to remember. The one that was searched first is forgotten first. */
const MAX_TENANTS = 1000;

/** The begin of the next search of a tenant. */
interface Position {
  /** The caller whose tasks were looked at last. */
  readonly caller: string;
  /** The session whose tasks were walked last. */
  readonly session: string;
}

const START: Position = { caller: '', session: '' };

/** A task that can be claimed, and its tenant. */
export interface Turn {
  readonly tenant: string;
  readonly runId: string;
}

/**
 * Finds tasks that can be claimed behind the first ones of their tenant, which all wait. Callers at their cap are passed
 * over by an index, and the others take turns. Else it walks the queue of the tenant in parts, by session.
 */
export class HiddenTasks {
  readonly #positions = new Map<string, Position>();
  #lastTenant = '';
  #walkedAtMs = -Infinity;

  /**
   * Searches tenants in turn, until one has such a task.
   *
   * @param tenants the tenants with tasks behind their first ones.
   * @param isThorough whether it walks ten parts of the queue, not one.
   */
  async find(
    tenants: readonly string[],
    rules: ClaimRules,
    db: Kysely<Schema>,
    isThorough: boolean,
  ): Promise<Turn | undefined> {
    let parts = this.#allowedParts(isThorough);
    const open = inTurn(tenants, this.#lastTenant);
    for (let tenant = open.shift(); tenant !== undefined; tenant = open.shift()) {
      this.#lastTenant = tenant;
      const ofCaller = rules.perCaller === undefined ? undefined : await this.#findOfCallers(tenant, rules, db);
      if (ofCaller !== undefined) return { tenant, runId: ofCaller };
      if (parts === 0) continue;
      parts--;
      this.#walkedAtMs = performance.now();
      const { runId, isWhole } = await this.#walk(tenant, rules, db);
      if (runId !== undefined) return { tenant, runId };
      if (!isWhole) open.push(tenant);
      // SQLite blocks the process while it reads.
      await nextTick();
    }
    return undefined;
  }

  #allowedParts(isThorough: boolean): number {
    if (isThorough) return MAX_PARTS;
    return performance.now() - this.#walkedAtMs >= WALK_INTERVAL_MS ? 1 : 0;
  }

  /** Looks at the callers after the last one, then at those before it. */
  async #findOfCallers(tenant: string, rules: ClaimRules, db: Kysely<Schema>): Promise<string | undefined> {
    const { caller } = this.#positionOf(tenant);
    for (const after of caller === '' ? [''] : [caller, '']) {
      const last = (await nextOfCallers({ tenant, after }, rules).execute(db)).rows.at(-1);
      this.#move(tenant, { caller: last?.caller ?? '' });
      if (last?.run_id != null) return last.run_id;
      // It has more callers than one statement looks at.
      if (last?.caller != null) return undefined;
    }
    return undefined;
  }

  /** Returns a task of the next part, and whether that part was the whole queue of the tenant. */
  async #walk(
    tenant: string,
    rules: ClaimRules,
    db: Kysely<Schema>,
  ): Promise<{ readonly runId: string | undefined; readonly isWhole: boolean }> {
    const from = { tenant, session_id: this.#positionOf(tenant).session };
    const found = (await nextBySession(from, rules).execute(db)).rows[0];
    const last = found ?? (await lastWalked(from).execute(db)).rows[0];
    this.#move(tenant, { session: last?.session_id ?? '' });
    return { runId: found?.run_id, isWhole: last === undefined && from.session_id === '' };
  }

  #positionOf(tenant: string): Position {
    return this.#positions.get(tenant) ?? START;
  }

  #move(tenant: string, change: Partial<Position>): void {
    this.#positions.set(tenant, { ...this.#positionOf(tenant), ...change });
    for (const oldest of this.#positions.keys()) {
      if (this.#positions.size <= MAX_TENANTS) return;
      this.#positions.delete(oldest);
    }
  }
}

/** The names after the last one first. */
function inTurn(names: readonly string[], last: string): string[] {
  return [...names.filter((name) => name > last), ...names.filter((name) => name <= last)];
}
