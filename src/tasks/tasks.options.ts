/** The secrets that sign webhooks: the shared ones, or those of each tenant, or both. */
export const WEBHOOK_SIGNINGS = ['shared', 'both', 'tenant'] as const;
export type WebhookSigning = (typeof WEBHOOK_SIGNINGS)[number];

/** The header of a post has one or two signatures for each secret. */
export const MAX_WEBHOOK_SECRETS = 10;

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
  /** Each signs the webhooks; empty: webhooks are refused. */
  abstract readonly webhookSecrets: readonly string[];
  /** Whether the secrets sign themselves, or secrets of the tenant that are derived from them, or both. */
  abstract readonly webhookSigning: WebhookSigning;
  /** Whether webhooks may use http, private networks and this machine. */
  abstract readonly allowPrivateWebhooks: boolean;
  /** Receives the warnings of budgets. */
  abstract readonly budgetWebhookUrl: string | undefined;
}
