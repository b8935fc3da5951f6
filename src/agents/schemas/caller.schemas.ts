import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { RequestScope } from '../../async/request.scope.js';
import type { Principal } from '../../auth/principal.js';
import { JobQueue, type WaitingJob } from './job.queue.js';
import { lengthFault, sizeFault } from './schema.size.js';
import { type JobLimits, JobTooCostly, SchemaThread, SchemaThreadFailed } from './schema.thread.js';
import type { SchemaReply } from './schema.worker.js';
import { isModelSchema } from './model.schema.js';
import { InvalidValue, type ValueSchema } from './value.schema.js';

const WALL_MS = 10_000;
/** An ordinary schema of 16 KiB needs 15 to 25 ms, at most 45 ms, even on a fresh thread. */
const COMPILE_LIMITS = { cpuMs: 50, wallMs: WALL_MS };
/** An admitted schema must compile again even on a busy machine: its failure would end the run. */
const ADMITTED_LIMITS = { cpuMs: 5 * COMPILE_LIMITS.cpuMs, wallMs: WALL_MS };
const CHECK_LIMITS = { cpuMs: 50, wallMs: WALL_MS };
/** A job cannot fill this heap in its CPU time. */
const HEAP_MB = 128;
/** Limits of the wait of a new request for the thread. */
const ADMISSION_LIMITS = { maxWaiting: 1000, maxWaitingOfCaller: 100, maxWaitMs: 10_000 };
/** Characters of an answer as JSON. A longer one takes too long to check, and may exceed the thread's heap. */
const MAX_ANSWER = 1024 * 1024;

const TOO_COSTLY =
  'output_schema needs too much time or memory to compile. Use fewer subschemas, less nesting and simpler patterns.';
const NOT_JSON = 'output_schema cannot be written as JSON';
const NOT_CHECKED = 'It cannot be checked against its schema in time.';

/** The caller that sent a schema. */
export type SchemaCaller = Pick<Principal, 'tenant' | 'id'>;

/**
 * Compiles callers' schemas for answers, and checks answers against them. A caller's schema and its patterns are
 * untrusted code. So one worker thread runs one job after another, each with little CPU time. Callers take turns, and
 * admitted runs go before new schemas.
 */
@Injectable()
export class CallerSchemas implements OnApplicationShutdown {
  readonly #thread = new SchemaThread(HEAP_MB);
  readonly #queue = new JobQueue();

  /**
   * Compiles the schema of a new request.
   *
   * @param signal default: that of the time limit of the request.
   * @throws as `compile`; InvalidValue if the schema is too large; AgentError `overloaded` if too many schemas wait.
   */
  async admit(
    schema: object,
    caller: SchemaCaller,
    signal: AbortSignal | undefined = RequestScope.current?.signal,
  ): Promise<ValueSchema> {
    const text = toJson(schema, NOT_JSON);
    const fault = lengthFault(text) ?? sizeFault(JSON.parse(text));
    if (fault !== undefined) throw new InvalidValue(fault);
    const job = { caller: callerKey(caller), signal };
    return await this.#compile(text, COMPILE_LIMITS, { ...job, limits: ADMISSION_LIMITS });
  }

  /**
   * Compiles the schema of an admitted run.
   *
   * @throws InvalidValue that describes its fault; SchemaThreadFailed; the signal's reason if it aborts before the
   * schema's turn.
   */
  async compile(schema: object, caller: SchemaCaller, signal?: AbortSignal): Promise<ValueSchema> {
    return await this.#compile(toJson(schema, NOT_JSON), ADMITTED_LIMITS, { caller: callerKey(caller), signal });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#thread.close();
  }

  async #compile(text: string, jobLimits: JobLimits, job: WaitingJob): Promise<ValueSchema> {
    const reply = await this.#inTurn(job, () => this.#thread.run({ type: 'compile', schema: text }, jobLimits));
    if (reply.type === 'faulty') throw new InvalidValue(reply.fault);
    if (reply.type !== 'compiled') throw new InvalidValue(TOO_COSTLY);
    const modelSchema: unknown = JSON.parse(reply.modelSchema);
    if (!isModelSchema(modelSchema)) throw new TypeError('The thread for schemas sent no schema.');
    const { caller } = job;
    return { ...modelSchema, parse: (value, signal) => this.#check(text, value, { caller, signal }) };
  }

  /** Returns the valid value, without filler nulls. @throws InvalidValue; otherwise as `compile`. */
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
    await this.#queue.acquire(job);
    try {
      return await retryOnce(work);
    } catch (failure) {
      if (failure instanceof JobTooCostly) return { type: 'too costly' };
      throw failure;
    } finally {
      this.#queue.release();
    }
  }
}

/** Retries the work once if its thread failed: the work is not at fault, and a fresh thread starts. */
async function retryOnce(work: () => Promise<SchemaReply>): Promise<SchemaReply> {
  try {
    return await work();
  } catch (failure) {
    if (!(failure instanceof SchemaThreadFailed)) throw failure;
    return await work();
  }
}

/** Unique to the caller: the name of a tenant has no slash. */
function callerKey({ tenant, id }: SchemaCaller): string {
  return `${tenant}/${id}`;
}

/** @throws InvalidValue if the answer is too long. */
function answerOf(value: unknown): string {
  const text = toJson(value, NOT_CHECKED);
  if (text.length > MAX_ANSWER) throw new InvalidValue(`It must not be longer than ${MAX_ANSWER} characters as JSON.`);
  return text;
}

/** @throws InvalidValue if it is nested too deep for the stack, or is not JSON. */
function toJson(value: unknown, fault: string): string {
  try {
    return JSON.stringify(value);
  } catch {
    throw new InvalidValue(fault);
  }
}
