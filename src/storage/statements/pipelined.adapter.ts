import { PostgresAdapter } from 'kysely';
import type { Pipeline } from '../postgres/pipeline.js';

/** The adapter of a connection to PostgreSQL that sends statements without waiting for the answers to earlier ones. */
export class PipelinedAdapter extends PostgresAdapter {
  constructor(readonly pipeline: Pipeline) {
    super();
  }
}
