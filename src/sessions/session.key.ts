import type { OpenCalls } from './open.calls.js';

/** Identifies a session. */
export interface SessionKey {
  readonly tenant: string;
  readonly session_id: string;
}

/** The part of a session that an erasure removes. */
export interface ErasedKey extends SessionKey {
  /** The end user whose data is erased: the session if they own it, else only their runs in it. Default: all of it. */
  readonly endUser?: string | undefined;
}

/** A session that one run holds. No other run can append to it meanwhile. */
export interface AcquiredSession extends SessionKey {
  /** The position of the next message. */
  readonly nextPosition: number;
  /** Epoch milliseconds; undefined while the session has no turn yet. */
  readonly createdAt: number | undefined;
  /** The calls of its last run that wait for results of the caller. */
  readonly openCalls?: OpenCalls | undefined;
}
