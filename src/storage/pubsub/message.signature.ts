import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';

/** Separates a message from its signature: `|` and the SHA-256 HMAC as base64url. */
const MARK = '|';
const MAC_LENGTH = 43;

/** A message from Redis, and whether a replica with the secret signed it. */
export interface ReceivedMessage {
  readonly text: string;
  readonly isVerified: boolean;
}

/**
 * Signs the messages of replicas, so that nobody else with access to Redis can forge them. Older replicas ignore what
 * follows the last message of a batch, and sign nothing.
 */
export class MessageSignature {
  /** Bytes would be copied for each message, which costs five times the CPU. */
  readonly #key: KeyObject;

  constructor(secret: Buffer) {
    this.#key = createSecretKey(secret);
  }

  /** Appends the signature of a message on that channel. */
  sign(channel: string, text: string): string {
    return text + MARK + this.#macOf(channel, text);
  }

  /** Removes the signature if it is valid. */
  verify(channel: string, signed: string): ReceivedMessage {
    const end = signed.length - MAC_LENGTH - MARK.length;
    if (end < 0 || signed[end] !== MARK) return { text: signed, isVerified: false };
    const text = signed.slice(0, end);
    const given = Buffer.from(signed.slice(end + MARK.length));
    const isVerified = given.length === MAC_LENGTH && timingSafeEqual(given, Buffer.from(this.#macOf(channel, text)));
    return { text: isVerified ? text : signed, isVerified };
  }

  #macOf(channel: string, text: string): string {
    return createHmac('sha256', this.#key).update(`${channel}\n${text}`).digest('base64url');
  }
}
