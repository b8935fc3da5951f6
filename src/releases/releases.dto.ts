import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ApiList, ApiName, ApiText, ApiTime } from '../http/validation/schema.decorator.js';
import type { Release } from './release.js';
import type { ReleaseState } from './releases.js';
import { FLAG_SOURCES, type FlagSource } from './releases.options.js';

/** A release that this process offers. */
@ApiSchema({ name: 'OfferedRelease' })
export class OfferedRelease {
  /** @example '2026-11-assistant-2' */
  @ApiName()
  name: string;

  /** @example 'assistant' */
  @ApiName(64)
  role: string;

  /** @example 'Shorter answers.' */
  @ApiText(1000)
  description?: string | undefined;

  /** @example 'You are a helpful assistant. Answer in one sentence.' */
  @ApiText(100_000)
  instructions?: string | undefined;

  /** @example 'gpt-4o-mini' */
  @ApiName(256)
  model?: string | undefined;

  /** @example 0.2 */
  @ApiProperty({ minimum: 0, maximum: 2 })
  temperature?: number | undefined;

  /** @example 5 */
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 50 })
  max_turns?: number | undefined;

  /**
   * The share of new sessions that gets it, from 0 to 1. Left out if it depends on more than the session, and if the flags
   * are not those of the folder.
   * @example 0.1
   */
  @ApiProperty({ minimum: 0, maximum: 1, required: false })
  share?: number | undefined;

  static from({ maxTurns, ...release }: Release, share: number | undefined): OfferedRelease {
    return { ...release, max_turns: maxTurns, share };
  }
}

/** The releases and the state of their folder. */
@ApiSchema({ name: 'ReleaseList' })
export class ReleaseList {
  /** The releases, in the order of their files. */
  @ApiList(1000)
  items: OfferedRelease[];

  /** The source of the flags that choose releases. */
  @ApiProperty({ enum: FLAG_SOURCES })
  flags: FlagSource;

  /** When the folder was last accepted. Left out without a folder. */
  @ApiTime()
  taken_at?: string | undefined;

  /**
   * Why the last change of the folder was refused. Left out if it was accepted.
   * @example 'flags.yaml: flag "release.assistant": its variant "new" names no release: "assistant-9"'
   */
  @ApiText()
  refused?: string | undefined;

  static from(
    releases: readonly Release[],
    { flags, loadedAt, loadError }: ReleaseState,
    shareOf: (release: Release) => number | undefined,
  ): ReleaseList {
    return {
      items: releases.map((release) => OfferedRelease.from(release, shareOf(release))),
      flags,
      taken_at: loadedAt?.toISOString(),
      refused: loadError,
    };
  }
}
