import { resultBefore } from '../../async/result.before.js';
import { AgentError } from '../../errors/agent.error.js';
import type { ModelCall } from '../language.model.js';
import type { AnswerReader } from './answer.reader.js';
import { failureOf } from './openai.transport.js';
import { UnreadableAnswer } from './provider.fault.js';
import type { ProviderStream, ServerEvent } from './provider.stream.js';

/** How long to wait for the usage after the end of an answer. */
const USAGE_WAIT_MS = 1000;

/** The texts of events, up to the first failure. */
interface ReadTexts {
  readonly texts: readonly string[];
  readonly failure?: unknown;
}

/**
 * The text of an answer, in batches as it arrives. Ends with the answer, also if the connection stays open: it waits at
 * most one second for the usage. The connection is used again if the answer is complete, else it is closed.
 *
 * @throws AgentError if the connection breaks, the answer reports a failure or cannot be parsed; the signal's reason.
 * @example
 * for await (const texts of textsOf(stream, reader, call)) for (const text of texts) show(text);
 */
export async function* textsOf(
  stream: ProviderStream,
  reader: AnswerReader,
  call: ModelCall,
): AsyncGenerator<readonly string[]> {
  let endsAt: number | undefined;
  try {
    while (reader.progress !== 'complete') {
      if (reader.progress === 'finished') endsAt ??= performance.now() + USAGE_WAIT_MS;
      const events = endsAt === undefined ? await next(stream, call) : await resultBefore(stream.next(), endsAt);
      if (events === undefined) return;
      const { texts, failure } = readTexts(reader, events);
      if (texts.length > 0) yield texts;
      if (failure !== undefined) throw failure;
      call.signal.throwIfAborted();
    }
  } finally {
    if (reader.progress === 'open') stream.destroy();
    else stream.release();
  }
}

/** The next events; undefined at the end of the connection. */
async function next(stream: ProviderStream, call: ModelCall): Promise<readonly ServerEvent[] | undefined> {
  try {
    return await stream.next();
  } catch (failure) {
    throw failureOf(failure, call);
  }
}

/** The texts of events. Text before a failure still goes out. */
function readTexts(reader: AnswerReader, events: readonly ServerEvent[]): ReadTexts {
  const texts: string[] = [];
  try {
    for (const event of events) {
      const text = readAnswer(() => readEvent(reader, event));
      if (text !== '') texts.push(text);
    }
  } catch (failure) {
    return { texts, failure };
  }
  return { texts };
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
    if (failure instanceof AgentError) throw failure;
    const detail = 'The model provider sent an answer that cannot be parsed.';
    throw new AgentError('model_error', { detail }, { cause: new UnreadableAnswer() });
  }
}
