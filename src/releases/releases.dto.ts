import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ApiList, ApiName, ApiText, ApiTime } from '../http/schema.decorator.js';
import type { Release } from './release.js';
import { FLAG_SOURCES, type FlagSource, type ReleaseState } from './releases.js';

/** A release that this process has. */
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
  description?: string;

  /** @example 'You are a helpful assistant. Answer in one sentence.' */
  @ApiText(100_000)
  instructions?: string;

  /** @example 'gpt-4o-mini' */
  @ApiName(256)
  model?: string;

  /** @example 0.2 */
  @ApiProperty({ minimum: 0, maximum: 2 })
  temperature?: number;

  /** @example 5 */
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 50 })
  max_turns?: number;

  static from({ name, role, description, instructions, model, temperature, maxTurns }: Release): OfferedRelease {
    return {
      name,
      role,
      ...(description === undefined ? {} : { description }),
      ...(instructions === undefined ? {} : { instructions }),
      ...(model === undefined ? {} : { model }),
      ...(temperature === undefined ? {} : { temperature }),
      ...(maxTurns === undefined ? {} : { max_turns: maxTurns }),
    };
  }
}

/** The releases, and how their folder stands. */
@ApiSchema({ name: 'ReleaseList' })
export class ReleaseList {
  /** In the order of their files. */
  @ApiList(1000)
  items: OfferedRelease[];

  /** Where the flags come from that choose among them. */
  @ApiProperty({ enum: FLAG_SOURCES })
  flags: FlagSource;

  /** When the folder was last taken as it was; left out: there is none. */
  @ApiTime()
  taken_at?: string;

  /**
   * Why the last change of the folder was not taken; left out: it was.
   * @example 'flags.yaml: flag "release.assistant": its variant "new" names no release: "assistant-9"'
   */
  @ApiText()
  refused?: string;

  static from(releases: readonly Release[], { flags, takenAt, refused }: ReleaseState): ReleaseList {
    return {
      items: releases.map((release) => OfferedRelease.from(release)),
      flags,
      ...(takenAt === undefined ? {} : { taken_at: takenAt.toISOString() }),
      ...(refused === undefined ? {} : { refused }),
    };
  }
}
