import type { MessageRow } from './message.row.js';
import type { SessionRow } from './session.query.js';
import type { MessageDto, SessionDto } from './sessions.dto.js';

/** A session as the API shows it. */
export function toSession({
  session_id,
  agent_role,
  end_user,
  message_count,
  created_at,
  updated_at,
}: SessionRow): SessionDto {
  return {
    session_id,
    agent_role,
    ...(end_user === null ? {} : { end_user }),
    message_count,
    created_at: toIso(created_at),
    updated_at: toIso(updated_at),
  };
}

/** A message as the API shows it. */
export function toMessage({ message_id, run_id, role, content, tool, call_id, created_at }: MessageRow): MessageDto {
  return {
    message_id,
    run_id,
    role,
    content,
    ...(tool === null || role !== 'tool' ? {} : { tool }),
    ...(call_id === null ? {} : { call_id }),
    created_at: toIso(created_at),
  };
}

function toIso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
