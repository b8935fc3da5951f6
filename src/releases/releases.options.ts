/**
 * The used part of OpenFeature's `Provider`. Every OpenFeature provider satisfies it. Its flag `release.<role>` names
 * the release of the agent, or `code` for the agent as coded.
 *
 * @example
 * import { AgentModule, type FlagProvider } from 'rookery';
 *
 * const beta: FlagProvider = {
 *   metadata: { name: 'beta testers' },
 *   async resolveStringEvaluation(flagKey, defaultValue, { tenant }) {
 *     const isBeta = flagKey === 'release.assistant' && tenant === 'acme';
 *     return { value: isBeta ? '2026-11-assistant-2' : defaultValue };
 *   },
 * };
 *
 * AgentModule.forRoot({ releases: { directory: 'releases', provider: beta } });
 */
export interface FlagProvider {
  /** The name of the provider, for its errors. */
  readonly metadata: { readonly name: string };
  /**
   * Returns the release for a run. If it rejects, the agent runs as coded.
   *
   * @param flagKey `release.<role>`.
   * @param defaultValue `code`.
   * @param context the session as `targetingKey`, the `tenant`, the `role`, and the end user as `end_user` if the run
   * has one.
   */
  resolveStringEvaluation(
    flagKey: string,
    defaultValue: string,
    context: Record<string, string>,
    logger: Pick<Console, 'debug' | 'info' | 'warn' | 'error'>,
  ): Promise<{ readonly value: string }>;
}

/** The sources of flags. */
export const FLAG_SOURCES = ['none', 'folder', 'flagd', 'provider'] as const;
export type FlagSource = (typeof FLAG_SOURCES)[number];

/**
 * The folder of releases, and the source of the flags that choose among them.
 *
 * @example
 * import { AgentModule } from 'rookery';
 *
 * AgentModule.forRoot({ releases: { directory: 'releases' } });
 */
export interface ReleaseOptions {
  /** The folder with one YAML file per release, and with `flags.yaml`, which chooses among them. */
  readonly directory: string;
  /**
   * `http://<host>:<port>`, or https, of a flagd that replaces `flags.yaml`. Needs the package
   * `@openfeature/flagd-provider`.
   */
  readonly flagdUrl?: string | undefined;
  /** An OpenFeature provider that replaces `flags.yaml`. Not together with `flagdUrl`. */
  readonly provider?: FlagProvider | undefined;
}

/** The options of the releases module. */
export abstract class ReleasesModuleOptions {
  /** undefined: agents run as coded. */
  abstract readonly source: ReleaseOptions | undefined;
}
