/** The options of the tasks module. */
export abstract class TasksModuleOptions {
  /** Whether this process serves requests, processes tasks, or both. */
  abstract readonly role: 'all' | 'http' | 'worker';
  /** Concurrent tasks in this process. */
  abstract readonly concurrency: number;
  /** Concurrent tasks of one caller in all processes; undefined: no limit. */
  abstract readonly concurrencyPerCaller: number | undefined;
  /** Whether tasks wait until their session is free. */
  abstract readonly waitForSession: boolean;
  /** Time limit of a task. */
  abstract readonly timeoutMs: number;
  /** Signs webhooks; undefined: webhooks are refused. */
  abstract readonly webhookSecret: string | undefined;
  /** Whether webhooks may use http, private networks and this machine. */
  abstract readonly allowPrivateWebhooks: boolean;
  /** Receives the warnings of budgets. */
  abstract readonly budgetWebhookUrl: string | undefined;
}
