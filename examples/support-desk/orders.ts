import { DatabaseSync } from 'node:sqlite';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';

/** The orders of the shop, in a database of its own. */
@Injectable()
export class Orders implements OnApplicationShutdown {
  readonly #database = new DatabaseSync(process.env['ORDERS_FILE'] ?? ':memory:');

  constructor() {
    this.#database.exec(`
      create table if not exists orders (id text primary key, item text, euros integer, refunded_by text) strict;
      insert or ignore into orders values ('A-1001', 'A nest box', 40, null), ('A-1002', 'A feeder', 15, null);
    `);
  }

  find(id: string): object | undefined {
    return this.#database.prepare('select id, item, euros, refunded_by from orders where id = ?').get(id);
  }

  /** Refunds an order. The key makes a repeated call harmless. @returns false if another call has refunded it. */
  refund(id: string, key: string): boolean {
    const order = this.#database.prepare(
      'update orders set refunded_by = ? where id = ? and (refunded_by is null or refunded_by = ?)',
    );
    return order.run(key, id, key).changes === 1;
  }

  onApplicationShutdown(): void {
    this.#database.close();
  }
}
