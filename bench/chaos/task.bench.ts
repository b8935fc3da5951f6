import { EventEmitter, once } from 'node:events';

const dist = (path: string): string => new URL(`../../dist/${path}`, import.meta.url).href;
const { LanguageModel }: typeof import('../../src/index.ts') = await import(dist('index.js'));
const { createTestApp }: typeof import('../../src/testing/index.ts') = await import(dist('testing/index.js'));
const { AssistantAgent }: typeof import('../../src/service/agents/assistant.agent.ts') = await import(
  dist('service/agents/assistant.agent.js')
);
const { TasksService }: typeof import('../../src/tasks/tasks.service.ts') = await import(
  dist('tasks/tasks.service.js')
);
const { RunControl }: typeof import('../../src/runs/recovery/run.control.ts') = await import(
  dist('runs/recovery/run.control.js')
);

type Model = InstanceType<typeof LanguageModel>;
type Options = Omit<Parameters<typeof createTestApp>[0], 'model' | 'providers'>;
type App = Awaited<ReturnType<typeof createTestApp>>;

const SUBMITTER = { principal: { tenant: 'default', id: 'bench' }, requestId: 'bench', idempotencyKey: undefined };
const USAGE = { inputTokens: 24, outputTokens: 2 };
const REPLY = { text: 'Well.', toolCalls: [], model: 'instant', usage: USAGE, isTruncated: false };

/** Answers at once, and emits an event for each request. */
export class InstantModel extends LanguageModel {
  readonly asked = new EventEmitter();

  override nameFor(): string {
    return 'instant';
  }

  override async reply(): ReturnType<Model['reply']> {
    this.asked.emit('asked');
    return REPLY;
  }

  override async *stream(): ReturnType<Model['stream']> {
    this.asked.emit('asked');
    yield { type: 'delta' as const, text: REPLY.text };
    yield { type: 'reply' as const, reply: REPLY };
  }
}

/** Tasks in this process: steps inside the service cannot be timed from outside. */
export class TaskBench {
  readonly model: InstantModel;
  readonly #app: App;
  readonly #ends = new EventEmitter();

  private constructor(app: App, model: InstantModel) {
    this.#app = app;
    this.model = model;
    app.module.get(RunControl, { strict: false }).onReleased(() => this.#ends.emit('end'));
  }

  static async open(options: Options): Promise<TaskBench> {
    const model = new InstantModel();
    return new TaskBench(await createTestApp({ ...options, model, providers: [AssistantAgent] }), model);
  }

  /** Resolves when the row of a new task is committed. */
  async submit(): Promise<void> {
    await this.#app.module.get(TasksService, { strict: false }).submit({ message: 'Well?' }, SUBMITTER);
  }

  /** Resolves when the next task of this process has ended. */
  async nextEnd(): Promise<void> {
    await once(this.#ends, 'end');
  }

  /** Runs that many tasks to their end, with at most `atOnce` at a time. */
  async endAll(tasks: number, atOnce: number): Promise<void> {
    let [begun, ended] = [0, 0];
    const all = Promise.withResolvers<void>();
    const begin = async (): Promise<void> => {
      if (begun++ < tasks) await this.submit();
    };
    const onEnd = (): void => {
      if (++ended === tasks) all.resolve();
      begin().catch((reason: unknown) => all.reject(reason));
    };
    this.#ends.on('end', onEnd);
    await Promise.all(Array.from({ length: atOnce }, begin));
    await all.promise;
    this.#ends.off('end', onEnd);
  }

  close(): Promise<void> {
    return this.#app.close();
  }
}
