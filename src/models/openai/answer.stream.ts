import { resultBefore } from '../../async/result.before.js';
import { AgentError } from '../../errors/agent.error.js';
import type { ModelCall } from '../language.model.js';
import type { AnswerReader } from './answer.reader.js';
import { failureOf } from './openai.transport.js';
import { UnreadableAnswer } from './provider.fault.js';
import type { ProviderStream, ServerEvent } from './provider.stream.js';

/** How long to wait for the usage after the end of an answer. */
const USAGE_WAIT_MS = 1000;

/**
 * The text of an answer, in batches as it arrives. A batch without text tells that the model goes on with its reasoning.
 * Ends with the answer, also if the connection stays open: it waits at most one second for the usage. No generator: for
 * each chunk it would cost more than to read the chunk.
 *
 * @example
 * const answer = new AnswerTexts(stream, reader, call);
 * try {
 *   for (let texts = await answer.next(); texts; texts = await answer.next()) texts.forEach(show);
 * } finally {
 *   answer.close();
 * }
 */
export class AnswerTexts {
  #endsAt: number | undefined;
  /** Thrown after the text before it. */
  #failure: { readonly cause: unknown } | undefined;
  /** The length of the reasoning at the last batch. */
  #thinking = 0;

  constructor(
    private readonly stream: ProviderStream,
    private readonly reader: AnswerReader,
    private readonly call: ModelCall,
  ) {}

  /**
   * Resolves with the next texts; undefined at the end.
   *
   * @throws AgentError if the connection breaks, the answer reports a failure or cannot be parsed; the signal's reason.
   */
  async next(): Promise<readonly string[] | undefined> {
    while (this.reader.progress !== 'complete') {
      if (this.#failure) throw this.#failure.cause;
      this.call.signal.throwIfAborted();
      const events = await this.#events();
      if (events === undefined) return undefined;
      const texts = this.#read(events);
      if (texts.length > 0 || this.#hasThought()) return texts;
    }
    if (this.#failure) throw this.#failure.cause;
    return undefined;
  }

  #hasThought(): boolean {
    const { length } = this.reader.thinking;
    if (length <= this.#thinking) return false;
    this.#thinking = length;
    return true;
  }

  /** The connection is used again if the answer is complete, else it is closed. */
  close(): void {
    if (this.reader.progress === 'open') this.stream.destroy();
    else this.stream.release();
  }

  /** The next events; undefined at the end of the connection, or if the usage does not arrive in time. */
  async #events(): Promise<readonly ServerEvent[] | undefined> {
    if (this.reader.progress === 'finished') {
      this.#endsAt ??= performance.now() + USAGE_WAIT_MS;
      return await resultBefore(this.stream.next(), this.#endsAt);
    }
    try {
      return await this.stream.next();
    } catch (failure) {
      throw failureOf(failure, this.call);
    }
  }

  /** The texts of events. Text before a failure still goes out. */
  #read(events: readonly ServerEvent[]): readonly string[] {
    const texts: string[] = [];
    try {
      for (const event of events) {
        const text = readEvent(this.reader, event);
        if (text !== '') texts.push(text);
      }
    } catch (failure) {
      this.#failure = { cause: unreadable(failure) };
    }
    return texts;
  }
}

/** A cut event after the end of an answer has no text. */
function readEvent(reader: AnswerReader, event: ServerEvent): string {
  const hasEnded = reader.progress !== 'open';
  try {
    return reader.read(event);
  } catch (failure) {
    if (hasEnded && failure instanceof SyntaxError) return '';
    throw failure;
  }
}

/**
 * Takes a step of reading an answer. An answer that does not match its API is a failure of the provider, not of the service.
 *
 * @throws AgentError of the step, or `model_error` in place of any other error.
 * @example
 * const answer = readAnswer(() => reader.finish());
 */
export function readAnswer<T>(step: () => T): T {
  try {
    return step();
  } catch (failure) {
    throw unreadable(failure);
  }
}

function unreadable(failure: unknown): AgentError {
  if (failure instanceof AgentError) return failure;
  const detail = 'The model provider sent an answer that cannot be parsed.';
  return new AgentError('model_error', { detail }, { cause: new UnreadableAnswer() });
}
