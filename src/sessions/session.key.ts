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

/** The messages of another session with which a forked one begins. */
export interface SessionSource {
  /** The other session. */
  readonly source_id: string;
  /** The positions of its messages are the same in both sessions: from this one, */
  readonly from: number;
  /** up to this one. */
  readonly until: number;
}

/** A session whose messages can be read. */
export interface ReadableSession extends SessionKey {
  /** The messages that it has inherited, oldest first. Default: none. */
  readonly sources?: readonly SessionSource[] | undefined;
}

/** The place in a session at which another one begins. */
export interface Fork {
  /** The run after whose turn it begins. */
  readonly runId: string;
  /** The end user that owns the forked session. */
  readonly endUser: string | null;
  /** The sessions of the messages, oldest first. The last one is the forked session. */
  readonly sources: readonly ForkSource[];
  /** The calls with which the run ended. */
  readonly openCalls: OpenCalls | undefined;
}

/** A session from which a fork inherits. One that was created again under the same id is another one. */
export interface ForkSource extends SessionSource {
  readonly createdAt: number;
}

/** A session that one run holds. No other run can append to it meanwhile. */
export interface AcquiredSession extends ReadableSession {
  /** The position of the next message. */
  readonly nextPosition: number;
  /** Epoch milliseconds; undefined while the session has no turn yet. */
  readonly createdAt: number | undefined;
  /** The calls of its last run that wait for results of the caller. */
  readonly openCalls?: OpenCalls | undefined;
  /** The place at which it begins, while it has no turn yet. */
  readonly fork?: Fork | undefined;
}
