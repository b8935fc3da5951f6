import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import { type Page, PageQuery } from '../http/page.dto.js';
import {
  ApiCount,
  ApiList,
  ApiName,
  ApiText,
  ApiTime,
  IsSessionId,
  IsText,
  Optional,
} from '../http/validation/schema.decorator.js';
import { TenantQuery } from '../http/tenant.query.js';

/** Tool calls of a turn. */
const MAX_CALLS = 1000;

/** A session, by its id in the path. */
export class SessionPath {
  /**
   * The `session_id` of an answer or of `GET /sessions`.
   * @example 'holiday-plans'
   */
  @IsSessionId()
  session_id: string;
}

/** Filters the sessions. */
export class SessionsQuery extends PageQuery {
  /**
   * Only sessions of this end user.
   * @example 'ada'
   */
  @Optional()
  @IsString()
  @Length(1, 255)
  @IsText()
  end_user?: string;
}

/** The end user whose sessions are meant. */
export class EndUserQuery extends TenantQuery {
  /**
   * The end user, as in `X-End-User` or in the claim of a token.
   * @example 'ada'
   */
  @IsString()
  @Length(1, 255)
  @IsText()
  end_user: string;
}

/** A conversation. */
@ApiSchema({ name: 'Session' })
export class SessionDto {
  /** @example 'holiday-plans' */
  @ApiName()
  session_id: string;

  /**
   * The agent role of its last run.
   * @example 'assistant'
   */
  @ApiName(64)
  agent_role: string;

  /**
   * The end user that owns it: the `sub` of a token, or `X-End-User`. Omitted if it belongs to the tenant.
   * @example 'ada'
   */
  @ApiProperty({ minLength: 1, maxLength: 255, required: false })
  end_user?: string;

  /** @example 2 */
  @ApiCount()
  message_count: number;

  /** @example '2026-01-02T03:04:05.678Z' */
  @ApiTime()
  created_at: string;

  /** @example '2026-01-02T03:04:05.678Z' */
  @ApiTime()
  updated_at: string;
}

/** A conversation with its title. */
@ApiSchema({ name: 'SessionV2' })
export class SessionV2Dto extends SessionDto {
  /**
   * Its first question, shortened: of a fork its own, or that of the forked session. Left out if that has no text.
   * @example 'What does a rookery do?'
   */
  @ApiProperty({ minLength: 1, maxLength: 80, required: false })
  title?: string;

  /**
   * On forks only: the run after whose turn it begins. Left out once the forked session is erased.
   * @example 'f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61'
   */
  @ApiProperty({ minLength: 1, maxLength: 128, required: false })
  forked_from?: string;

  /**
   * On forks only: the session of that run.
   * @example 'holiday-plans'
   */
  @ApiProperty({ minLength: 1, maxLength: 128, required: false })
  forked_session_id?: string;
}

/** A tool call that waits for a result of the caller. */
@ApiSchema({ name: 'SessionPendingCall' })
export class SessionPendingCall {
  /** @example 'call_1' */
  @ApiName(512)
  call_id: string;

  /** @example 'get_weather' */
  @ApiName(64)
  tool: string;

  /**
   * The JSON text of an object, as the model wrote it. It may not match the schema of the tool.
   * @example '{"city": "Oslo"}'
   */
  @ApiText()
  arguments: string;
}

/** A conversation with its title and its open calls. */
@ApiSchema({ name: 'SessionDetailsV2' })
export class SessionDetailsV2Dto extends SessionV2Dto {
  /** The calls with which its last run ended, if their results are missing. The next run brings them. */
  @ApiProperty({ type: [SessionPendingCall], maxItems: MAX_CALLS, required: false })
  pending_calls?: SessionPendingCall[];
}

/** One message of a conversation. */
@ApiSchema({ name: 'Message' })
export class MessageDto {
  /** @example '0d9c2f5e-7a36-4f6d-8b53-0a6f0a7de7a4' */
  @ApiName()
  message_id: string;

  /** @example 'f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61' */
  @ApiName()
  run_id: string;

  /** @example 'user' */
  role: 'user' | 'assistant' | 'tool';

  /** @example 'What does a rookery do?' */
  @ApiText()
  content: string;

  /** On role `tool` only: the name of the tool. */
  @ApiProperty({ maxLength: 64, required: false })
  tool?: string;

  /** On role `tool` only: the call that it answers. */
  @ApiProperty({ maxLength: 128, required: false })
  call_id?: string;

  /** @example '2026-01-02T03:04:05.678Z' */
  @ApiTime()
  created_at: string;
}

/** Sessions, newest first. */
@ApiSchema({ name: 'SessionPage' })
export class SessionPage implements Page<SessionDto> {
  @ApiList(100)
  items: SessionDto[];

  /** Cursor of the next page; null on the last page. */
  @ApiText(512)
  next_cursor: string | null;
}

/** Sessions with their titles, newest first. */
@ApiSchema({ name: 'SessionPageV2' })
export class SessionPageV2 implements Page<SessionV2Dto> {
  @ApiList(100)
  items: SessionV2Dto[];

  /** Cursor of the next page; null on the last page. */
  @ApiText(512)
  next_cursor: string | null;
}

/** Messages, newest first. */
@ApiSchema({ name: 'MessagePage' })
export class MessagePage implements Page<MessageDto> {
  @ApiList(100)
  items: MessageDto[];

  /** Cursor of the next page; null on the last page. */
  @ApiText(512)
  next_cursor: string | null;
}
