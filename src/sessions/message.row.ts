import type { Selectable } from 'kysely';
import type { MessageTable } from '../storage/schema.js';

export type MessageRow = Selectable<MessageTable>;
export type Turn = readonly MessageRow[];
