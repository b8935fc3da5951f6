import { CompiledQuery, type DatabaseConnection, type QueryResult } from 'kysely';
import { isSharedOutage } from '../database.unavailable.js';

const BEGIN = CompiledQuery.raw('begin');

/** Why a transaction cannot be committed. */
export interface PipelineFailure {
  readonly reason: unknown;
  /** The index of the write whose statement failed. Undefined: no write is the cause. */
  readonly thrower: number | undefined;
  /** The indexes of the writes with a wrong guess. They are to be repeated without guesses. */
  readonly misled?: ReadonlySet<number>;
}

interface Sent {
  /** The index of the write; undefined: the statement is not one of a write. */
  readonly write: number | undefined;
  readonly isGuess: boolean;
  readonly answer: Promise<QueryResult<unknown>>;
}

/** Rolls back a transaction with a wrong guess. */
export class WrongGuess extends Error {}

/**
 * The statements of the open transaction that were sent without waiting for their answers: a distant server would answer
 * each of them a round trip later.
 *
 * Some statements nearly always change a row, such as the end of a run. That is guessed, and checked before the commit.
 * After a wrong guess the transaction is rolled back and repeated; the misled write waits for
 * its answers then. The statements of a connection run in the order in which they were sent. So what is committed is what
 * would be without guesses.
 */
export class Pipeline {
  #connection: DatabaseConnection | undefined;
  #sent: Sent[] = [];
  #write: number | undefined;
  #mayGuess = false;

  /** Begins a transaction. */
  begin(connection: DatabaseConnection): void {
    this.#connection = connection;
    this.send(BEGIN);
  }

  /** Forgets the last transaction. */
  clear(): void {
    this.#sent = [];
    this.enter(undefined);
  }

  /** The statements that follow are those of that write. */
  enter(write: number | undefined, mayGuess = false): void {
    this.#write = write;
    this.#mayGuess = mayGuess;
  }

  /** Sends a statement of which nobody asks what it has changed. */
  send(query: CompiledQuery): void {
    void this.#send(query, false);
  }

  /** Sends a statement. Resolves to whether it has changed a row. */
  ask(query: CompiledQuery): Promise<boolean> {
    return this.#send(query, false).then(hasChanged);
  }

  /** Sends a statement that nearly always changes a row, and guesses that it does. */
  expect(query: CompiledQuery): true | Promise<boolean> {
    if (!this.#mayGuess) return this.ask(query);
    void this.#send(query, true);
    return true;
  }

  /** @throws WrongGuess, or what has failed, once all statements are answered. */
  async settle(): Promise<void> {
    const failure = await this.failure();
    if (failure !== undefined) throw failure.reason;
  }

  /** Waits until all statements are answered. Returns why the transaction cannot be committed. */
  async failure(): Promise<PipelineFailure | undefined> {
    const answers = await Promise.allSettled(this.#sent.map(({ answer }) => answer));
    const misled = new Set<number>();
    let failed: PipelineFailure | undefined;
    for (const [index, { write, isGuess }] of this.#sent.entries()) {
      const answer = answers[index];
      if (answer?.status === 'rejected') failed ??= { reason: answer.reason, thrower: write };
      else if (isGuess && write !== undefined && answer && !hasChanged(answer.value)) misled.add(write);
    }
    // After a wrong guess, another statement may have failed because of it.
    if (misled.size === 0 || (failed && isSharedOutage(failed.reason))) return failed;
    return { reason: new WrongGuess(), thrower: undefined, misled };
  }

  #send(query: CompiledQuery, isGuess: boolean): Promise<QueryResult<unknown>> {
    if (this.#connection === undefined) throw new Error('No transaction is open.');
    const answer = this.#connection.executeQuery(query);
    // Its failure is found at the end of the transaction.
    answer.catch(() => undefined);
    this.#sent.push({ write: this.#write, isGuess, answer });
    return answer;
  }
}

function hasChanged({ numAffectedRows = 0n }: QueryResult<unknown>): boolean {
  return numAffectedRows > 0n;
}
