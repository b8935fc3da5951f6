import { Type } from 'class-transformer';
import { IsInt, IsString, Length, Matches, Max, Min } from 'class-validator';
import { Optional } from '../http/optional.decorator.js';
import type { Message, Page, PageRequest, Session } from './session.js';

/** A session, by its id in the path. */
export class SessionPath {
  /** @example 'holiday-plans' */
  @Matches(/^(?!\.{1,2}$)[A-Za-z0-9._:-]{1,128}$/, {
    message: 'session_id must be 1–128 of A–Z a–z 0–9 . _ : - and neither "." nor ".."',
  })
  session_id: string;
}

/** Which part of a list is asked for. */
export class PageQuery implements PageRequest {
  /**
   * How many items at most.
   * @default 20
   * @example 20
   */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  limit: number = 20;

  /** The `next_cursor` of the page before; left out: the newest. */
  @Optional()
  @IsString()
  @Length(1, 512)
  cursor?: string;
}

/** A conversation. */
export class SessionDto implements Session {
  /** @example 'holiday-plans' */
  session_id: string;

  /**
   * The role of its last run.
   * @example 'assistant'
   */
  agent_role: string;

  /** @example 2 */
  message_count: number;

  /** @example '2026-01-02T03:04:05.678Z' */
  created_at: string;

  /** @example '2026-01-02T03:04:05.678Z' */
  updated_at: string;
}

/** One message of a conversation. */
export class MessageDto implements Message {
  /** @example '0d9c2f5e-7a36-4f6d-8b53-0a6f0a7de7a4' */
  message_id: string;

  /** @example 'f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61' */
  run_id: string;

  /** @example 'user' */
  role: 'user' | 'assistant' | 'tool';

  /** @example 'What does a rookery do?' */
  content: string;

  /** On role `tool` only: its name. */
  tool?: string;

  /** On role `tool` only: the call that it answers. */
  call_id?: string;

  /** @example '2026-01-02T03:04:05.678Z' */
  created_at: string;
}

/** Sessions, newest first. */
export class SessionPage implements Page<Session> {
  items: SessionDto[];

  /** Asks for the next page; null on the last one. */
  next_cursor: string | null;
}

/** Messages, newest first. */
export class MessagePage implements Page<Message> {
  items: MessageDto[];

  /** Asks for the next page; null on the last one. */
  next_cursor: string | null;
}
