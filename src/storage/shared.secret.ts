import { hkdfSync } from 'node:crypto';
import type { Database } from './database.js';

const KEY_BYTES = 32;

/** The secret that the replicas of a database share. The first migration to this release has created it. */
export class SharedSecret {
  private constructor(private readonly value: Buffer) {}

  /** @throws AgentError `storage_unavailable` if the database does not answer. */
  static async read(database: Database): Promise<SharedSecret> {
    const { value } = await database.query
      .selectFrom('shared_secrets')
      .select('value')
      .where('name', '=', 'replicas')
      .executeTakeFirstOrThrow();
    return new SharedSecret(Buffer.from(value, 'base64'));
  }

  /** Derives the key for one purpose. */
  keyFor(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.value, '', `rookery ${purpose}`, KEY_BYTES));
  }
}
