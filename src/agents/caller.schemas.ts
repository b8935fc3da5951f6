import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { JobLine, type WaitingJob } from './job.line.js';
import { lengthFault, sizeFault } from './schema.size.js';
import { type JobLimits, JobTooCostly, SchemaThread, SchemaThreadFailed } from './schema.thread.js';
import type { SchemaReply } from './schema.worker.js';
import type { ToldSchema } from './told.schema.js';
import { InvalidValue, type ValueSchema } from './value.schema.js';

const WALL_MS = 10_000;
/** An ordinary schema of 16 KiB needs 15 to 25 ms, and 45 ms at most, also as the first one of a fresh thread. */
const COMPILE_LIMITS = { cpuMs: 50, wallMs: WALL_MS };
/** A schema that was admitted compiles again, whatever else the machine does: it must not end the run that uses it. */
const ADMITTED_LIMITS = { cpuMs: 5 * COMPILE_LIMITS.cpuMs, wallMs: WALL_MS };
const CHECK_LIMITS = { cpuMs: 50, wallMs: WALL_MS };
/** More than a job can fill in its CPU time. */
const HEAP_MB = 128;
/** How long a new request waits for the thread. */
const PATIENCE = { maxWaiting: 1000, maxWaitingOfCaller: 100, maxWaitMs: 10_000 };
/** Characters of an answer as JSON. A longer one takes too long to check, and may not fit on the thread's heap. */
const MAX_ANSWER = 1024 * 1024;

const TOO_COSTLY =
  'output_schema needs too much time or memory to compile. Use fewer subschemas, less nesting and simpler patterns.';
const NOT_CHECKED = 'It cannot be checked against its schema in time.';

/** Whose schema it is. */
export type SchemaCaller = Pick<Principal, 'tenant' | 'id'>;

/**
 * The shapes of answers as callers describe them. A caller's schema is code that nobody has read, and so are its
 * patterns: a thread of its own compiles and checks, one job after another, each with little CPU time. The callers take
 * turns, and runs that were admitted go before new schemas.
 */
@Injectable()
export class CallerSchemas implements OnApplicationShutdown {
  readonly #thread = new SchemaThread(HEAP_MB);
  readonly #line = new JobLine();

  /**
   * The shape that a new request asks for.
   *
   * @throws as `compile`, also if the schema is too large; AgentError `overloaded` if the thread has too much to do.
   */
  async admit(schema: object, caller: SchemaCaller, signal?: AbortSignal): Promise<ValueSchema> {
    const text = textOf(schema);
    const fault = lengthFault(text) ?? sizeFault(JSON.parse(text));
    if (fault !== undefined) throw new InvalidValue(fault);
    const job = { caller: nameOf(caller), signal };
    return await this.#compile(text, COMPILE_LIMITS, { ...job, patience: PATIENCE });
  }

  /**
   * The shape that an admitted schema describes.
   *
   * @throws InvalidValue that says what is wrong with it; SchemaThreadFailed; the signal's reason if it aborts before
   * the schema's turn.
   */
  async compile(schema: object, caller: SchemaCaller, signal?: AbortSignal): Promise<ValueSchema> {
    return await this.#compile(textOf(schema), ADMITTED_LIMITS, { caller: nameOf(caller), signal });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#thread.close();
  }

  async #compile(text: string, limits: JobLimits, job: WaitingJob): Promise<ValueSchema> {
    const reply = await this.#inTurn(job, () => this.#thread.run({ type: 'compile', schema: text }, limits));
    if (reply.type === 'faulty') throw new InvalidValue(reply.fault);
    if (reply.type !== 'compiled') throw new InvalidValue(TOO_COSTLY);
    const told: ToldSchema = JSON.parse(reply.told);
    const { caller } = job;
    return { ...told, parse: (value, signal) => this.#check(text, value, { caller, signal }) };
  }

  /** The value as it is meant. @throws InvalidValue; the rest as `compile`. */
  async #check(schema: string, value: unknown, job: WaitingJob): Promise<unknown> {
    const answer = answerOf(value);
    const reply = await this.#inTurn(job, async () => {
      const checked = await this.#thread.run({ type: 'check', schema, answer }, CHECK_LIMITS);
      if (checked.type !== 'not compiled') return checked;
      await this.#thread.run({ type: 'compile', schema }, ADMITTED_LIMITS);
      return await this.#thread.run({ type: 'check', schema, answer }, CHECK_LIMITS);
    });
    if (reply.type === 'faulty') throw new InvalidValue(reply.fault);
    if (reply.type !== 'fits') throw new InvalidValue(NOT_CHECKED);
    return JSON.parse(reply.value);
  }

  async #inTurn(job: WaitingJob, work: () => Promise<SchemaReply>): Promise<SchemaReply> {
    await this.#line.enter(job);
    try {
      return await twice(work);
    } catch (failure) {
      if (failure instanceof JobTooCostly) return { type: 'too costly' };
      throw failure;
    } finally {
      this.#line.leave();
    }
  }
}

/** Does the work once more if its thread failed: that is not the work's fault, and there is a fresh thread. */
async function twice(work: () => Promise<SchemaReply>): Promise<SchemaReply> {
  try {
    return await work();
  } catch (failure) {
    if (!(failure instanceof SchemaThreadFailed)) throw failure;
    return await work();
  }
}

/** Different for different callers: the name of a tenant has no slash. */
function nameOf({ tenant, id }: SchemaCaller): string {
  return `${tenant}/${id}`;
}

/** @throws InvalidValue if it cannot be written as JSON. */
function textOf(schema: object): string {
  return written(schema, 'output_schema cannot be written as JSON');
}

/** @throws InvalidValue if the answer is too long. */
function answerOf(value: unknown): string {
  const text = written(value, NOT_CHECKED);
  if (text.length > MAX_ANSWER) throw new InvalidValue(`It must not be longer than ${MAX_ANSWER} characters as JSON.`);
  return text;
}

/** @throws InvalidValue if it is nested too deep for the stack, or is not JSON. */
function written(value: unknown, fault: string): string {
  try {
    return JSON.stringify(value);
  } catch {
    throw new InvalidValue(fault);
  }
}
