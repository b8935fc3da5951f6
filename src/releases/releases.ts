import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Provider } from '@openfeature/server-sdk';
import type { Principal } from '../auth/principal.js';
import { hasScope } from '../auth/scopes.js';
import { invalidField } from '../errors/agent.error.js';
import { FolderProvider } from './folder.provider.js';
import { FolderWatcher } from './folder.watcher.js';
import { flagdProvider } from './flagd.provider.js';
import { flagOf, type FolderFlags } from './flags.file.js';
import { CODE_RELEASE, type ChosenReleases, ReleasableAgents, type Release } from './release.js';
import { flagContext, ReleaseFlags } from './release.flags.js';
import { ReleaseFolder } from './release.folder.js';
import { type FlagProvider, type FlagSource, ReleasesModuleOptions } from './releases.options.js';

/** The poll interval. A change is accepted after two polls, so within a second. */
const POLL_INTERVAL_MS = 200;
/** Maximum removed releases that are kept for unfinished runs. */
const MAX_RETIRED = 1000;

/** The state of the folder. */
export interface ReleaseState {
  readonly flags: FlagSource;
  readonly loadedAt: Date | undefined;
  /** Why the last change was refused. */
  readonly loadError: string | undefined;
}

/** The run for which releases are chosen. */
export interface ReleaseRequest {
  readonly role: string;
  /** The release that the caller pins for this role. It overrides the flags, if the caller may do that. */
  readonly pinned: string | undefined;
  /** Other roles that the run may reach. */
  readonly others: Iterable<string>;
  readonly sessionId: string;
  readonly principal: Principal;
}

/** The current releases of the folder. */
@Injectable()
export class Releases implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger(Releases.name);
  readonly #retired = new Map<string, Release>();
  #current: ReadonlyMap<string, Release> = new Map();
  #flags: ReleaseFlags | undefined;
  #provider: FolderProvider | undefined;
  #watcher: FolderWatcher | undefined;
  #loadedAt: Date | undefined;
  #loadError: string | undefined;

  constructor(
    private readonly options: ReleasesModuleOptions,
    private readonly agents: ReleasableAgents,
  ) {}

  /** @throws BadReleases if the folder has a fault. */
  async onModuleInit(): Promise<void> {
    const { source } = this.options;
    if (source === undefined) return;
    const { directory, flagdUrl, provider } = source;
    const folder = new ReleaseFolder(directory, flagdUrl === undefined && provider === undefined);
    const signature = await folder.signature();
    const read = await folder.read(this.agents);
    this.#current = read.releases;
    this.#loadedAt = new Date();
    const external = flagdUrl === undefined ? provider : await flagdProvider(flagdUrl);
    if (external) this.#flags = await ReleaseFlags.open(asProvider(external));
    if (read.flags) await this.#useFlags(read.flags);
    this.#watcher = new FolderWatcher(
      () => folder.signature(),
      () => this.#reload(folder),
      signature,
      POLL_INTERVAL_MS,
    );
    this.#logger.log({ releases: [...read.releases.keys()], msg: 'releases loaded' });
  }

  onApplicationShutdown(): void {
    this.#watcher?.close();
    this.#flags?.close();
  }

  get state(): ReleaseState {
    const { flagdUrl, provider } = this.options.source ?? {};
    const own = this.#provider ? 'folder' : 'none';
    const flags = flagdUrl !== undefined ? 'flagd' : provider !== undefined ? 'provider' : own;
    return { flags, loadedAt: this.#loadedAt, loadError: this.#loadError };
  }

  /** Returns the releases in the order of their files. */
  list(): readonly Release[] {
    return [...this.#current.values()];
  }

  /** The share of new sessions that gets the release, from 0 to 1. Undefined: it depends on other facts, or is unknown. */
  shareOf({ role, name }: Release): number | undefined {
    return this.#provider?.flags.shareOf(flagOf(role), name);
  }

  /**
   * Chooses the releases for the roles of a new run.
   *
   * @throws AgentError `validation_failed` if the pinned release does not exist for the role, or if the caller may not
   * pin it.
   */
  async choose(request: ReleaseRequest): Promise<ChosenReleases> {
    const { role, pinned, others, sessionId, principal } = request;
    const chosen = new Map<string, Release>();
    const ofCaller = pinned === undefined ? undefined : await this.#pinned(request, pinned);
    if (ofCaller) chosen.set(role, ofCaller);
    const flags = this.#flags;
    if (flags === undefined) return chosen;
    const byFlag = new Set(others);
    if (pinned === undefined) byFlag.add(role);
    else byFlag.delete(role);
    for (const each of byFlag) {
      const name = await flags.choose(each, sessionId, principal);
      const release = this.#current.get(name);
      if (release?.role === each) chosen.set(each, release);
      else if (name !== CODE_RELEASE)
        flags.warn(`the flag of ${each} names "${name}", which is not a release of ${each}`);
    }
    return chosen;
  }

  /**
   * The releases that a new run of the role may have, each once. undefined is the agent as coded. The first one is that
   * of some new session. The others are those of other sessions, and those that the caller may pin.
   */
  async *possible(role: string, principal: Principal): AsyncGenerator<Release | undefined> {
    const request = { role, pinned: undefined, others: [], sessionId: 'new', principal };
    const first = (await this.choose(request)).get(role);
    yield first;
    for (const release of [undefined, ...this.list()]) {
      if (release === first || (release && release.role !== role)) continue;
      const name = release?.name ?? CODE_RELEASE;
      if (hasScope(principal, 'releases:pin') || (await this.#couldChoose(request, name))) yield release;
    }
  }

  /** Restores the releases of a run from their names by role. A role whose release no longer exists runs as coded. */
  restore(names: Readonly<Record<string, string>>): ChosenReleases {
    const chosen = new Map<string, Release>();
    for (const [role, name] of Object.entries(names)) {
      const release = this.#current.get(name) ?? this.#retired.get(name);
      if (release?.role === role) chosen.set(role, release);
      else if (name !== CODE_RELEASE) {
        this.#logger.warn({
          role,
          release: name,
          msg: 'a run goes on without its release, which no longer exists',
        });
      }
    }
    return chosen;
  }

  /** Returns undefined for the agent as coded. The refusal names other releases only to those who may pin all. */
  async #pinned(request: ReleaseRequest, name: string): Promise<Release | undefined> {
    const { role, principal } = request;
    const release = this.#current.get(name);
    const exists = name === CODE_RELEASE || release?.role === role;
    const mayPinAll = hasScope(principal, 'releases:pin');
    if (exists && (mayPinAll || (await this.#couldChoose(request, name)))) return release;
    if (!mayPinAll) {
      const way = 'Leave the field out to get the one that is chosen for you.';
      throw invalidField('release', `No release "${name}" of ${role} can be pinned. ${way}`);
    }
    const offered = this.list().flatMap((each) => (each.role === role ? [each.name] : []));
    throw invalidField(
      'release',
      `No release "${name}" of ${role}. Offered: ${[CODE_RELEASE, ...offered].join(', ')}.`,
    );
  }

  /** True if the flags choose the release for this session, or for another one of the same caller. */
  async #couldChoose({ role, sessionId, principal }: ReleaseRequest, name: string): Promise<boolean> {
    const chosen = (await this.#flags?.choose(role, sessionId, principal)) ?? CODE_RELEASE;
    // A flag that names another release leaves the agent as coded.
    if ((this.#current.get(chosen)?.role === role ? chosen : CODE_RELEASE) === name) return true;
    return this.#provider?.couldChoose(flagOf(role), name, flagContext(role, sessionId, principal)) === true;
  }

  /** Evaluates the flags of the folder, in place of its earlier ones. */
  async #useFlags(flags: FolderFlags): Promise<void> {
    if (this.#provider) {
      this.#provider.flags = flags;
      return;
    }
    this.#provider = new FolderProvider(flags);
    this.#flags = await ReleaseFlags.open(asProvider(this.#provider));
  }

  /** Applies a change as a whole. A change with a fault changes nothing. */
  async #reload(folder: ReleaseFolder): Promise<void> {
    try {
      const { releases, flags } = await folder.read(this.agents);
      if (this.#provider && flags === undefined)
        throw new Error('The flags are gone. To remove all flags, write "flags: {}".');
      this.#retire(releases);
      this.#current = releases;
      if (flags) await this.#useFlags(flags);
      this.#flags?.resetWarnings();
      this.#loadedAt = new Date();
      this.#loadError = undefined;
      this.#logger.log({ releases: [...releases.keys()], msg: 'releases reloaded' });
    } catch (cause) {
      this.#loadError = cause instanceof Error ? cause.message : String(cause);
      this.#logger.error({ cause, msg: 'invalid release files; keeping the previous releases' });
    }
  }

  #retire(next: ReadonlyMap<string, Release>): void {
    for (const [name, release] of this.#current) if (!next.has(name)) this.#retired.set(name, release);
    for (const name of this.#retired.keys())
      if (next.has(name) || this.#retired.size > MAX_RETIRED) this.#retired.delete(name);
  }
}

/** Returns the provider with the type of its package, which a host without releases need not install. */
function asProvider(provider: FlagProvider): Provider {
  if (isProvider(provider)) return provider;
  throw new Error('AgentModule: releases.provider must be an OpenFeature provider.');
}

function isProvider(provider: FlagProvider): provider is FlagProvider & Provider {
  return typeof provider.resolveStringEvaluation === 'function';
}
