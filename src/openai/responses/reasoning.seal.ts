import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { isObjectOf, isString } from '../../json/json.object.js';
import { tryParseJson } from '../../json/json.text.js';
import type { ModelReasoning } from '../../models/language.model.js';
import { isModelReasoning } from '../../models/stored.reply.js';
import { SharedSecret } from '../../storage/shared.secret.js';

const VERSION = 'rk1.';
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A part of the reasoning, and the turn that it belongs to. */
export interface SealedReasoning {
  /** Names a turn of a run. */
  readonly turn: string;
  readonly reasoning: ModelReasoning;
}

/** Encrypts the reasoning that clients keep, and reads it again. */
export interface ReasoningKey {
  /** The same text for the same part: answers can be compared. */
  seal(sealed: SealedReasoning): string;
  /** The part in a text; undefined if it is not of this service, or of another tenant. */
  open(content: string): SealedReasoning | undefined;
}

/** How the reasoning of a response is shown. */
export interface ReasoningView {
  readonly key: ReasoningKey;
  /** Whether items have their encrypted content. */
  readonly isEncryptedShown: boolean;
}

/**
 * Seals the data that providers want back with their reasoning. They may name the provider, and a client must neither read
 * nor change them: they are sent to the provider as they are.
 */
@Injectable()
export class ReasoningSeal {
  readonly #key: Buffer;
  readonly #ivKey: Buffer;

  constructor(secret: SharedSecret) {
    this.#key = secret.keyFor('reasoning of responses');
    this.#ivKey = secret.keyFor('nonces of reasoning');
  }

  /** The key of a tenant. */
  of(tenant: string): ReasoningKey {
    return {
      seal: (sealed) => this.#seal(tenant, JSON.stringify(sealed)),
      open: (content) => this.#open(tenant, content),
    };
  }

  #seal(tenant: string, text: string): string {
    const iv = createHmac('sha256', this.#ivKey).update(`${tenant}\n${text}`).digest().subarray(0, IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, iv).setAAD(Buffer.from(tenant));
    const sealed = [cipher.update(text, 'utf8'), cipher.final()];
    return VERSION + Buffer.concat([iv, cipher.getAuthTag(), ...sealed]).toString('base64url');
  }

  #open(tenant: string, content: string): SealedReasoning | undefined {
    if (!content.startsWith(VERSION)) return undefined;
    const bytes = Buffer.from(content.slice(VERSION.length), 'base64url');
    if (bytes.length < IV_BYTES + TAG_BYTES) return undefined;
    const [iv, tag] = [bytes.subarray(0, IV_BYTES), bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES)];
    const cipher = createDecipheriv(CIPHER, this.#key, iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(tenant)).setAuthTag(tag);
    try {
      const opened = Buffer.concat([cipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), cipher.final()]);
      const sealed = tryParseJson(opened.toString());
      return isSealed(sealed) ? sealed : undefined;
    } catch {
      // It was changed, or is that of another tenant.
      return undefined;
    }
  }
}

const isSealed = isObjectOf<SealedReasoning>({ turn: isString, reasoning: isModelReasoning });
