import { type DatabaseConnection, type Driver, PostgresDialect, PostgresDriver } from 'kysely';
import type { Pipeline } from './pipeline.js';
import { PipelinedAdapter } from '../statements/pipelined.adapter.js';
import type { PostgresConnections } from './postgres.connections.js';

/** The dialect of the one connection of a pipeline. */
export class PipelinedDialect extends PostgresDialect {
  constructor(
    private readonly pool: PostgresConnections,
    private readonly pipeline: Pipeline,
  ) {
    super({ pool });
  }

  override createDriver(): Driver {
    return new PipelinedDriver(this.pool, this.pipeline);
  }

  override createAdapter(): PipelinedAdapter {
    return new PipelinedAdapter(this.pipeline);
  }
}

/** Begins transactions without waiting for the answer: the first statements go with it. */
class PipelinedDriver extends PostgresDriver {
  constructor(
    pool: PostgresConnections,
    private readonly pipeline: Pipeline,
  ) {
    super({ pool });
  }

  override beginTransaction(connection: DatabaseConnection): Promise<void> {
    this.pipeline.begin(connection);
    return Promise.resolve();
  }
}
