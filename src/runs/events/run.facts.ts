import { isArrayOf, isNumber, isObject, isOptional, isString, type JsonObject } from '../../json/json.object.js';
import type { ModelReasoning } from '../../models/language.model.js';
import { isModelReasoning } from '../../models/stored.reply.js';

/**
 * A fact without a number of its own. It comes with the next event, and only some APIs show it. After a restart facts of a
 * completed turn may come again.
 */
export type RunFact =
  | {
      /** The model goes on with a part of its reasoning. The part follows as `reasoning.completed` with its whole text. */
      readonly type: 'reasoning.delta';
      /** The number of the turn, from 1. */
      readonly turn: number;
      /** The piece. */
      readonly text: string;
      /** It begins the reasoning of the turn. Pieces before it are void: the model was asked again. */
      readonly isFirst?: true;
    }
  | {
      /** A part of the reasoning of a turn has ended. */
      readonly type: 'reasoning.completed';
      /** The number of the turn, from 1. Agents that are asked have no facts. */
      readonly turn: number;
      /** The part. */
      readonly reasoning: ModelReasoning;
    }
  | {
      /** The model has ended a turn. */
      readonly type: 'turn.completed';
      /** The number of the turn, from 1. */
      readonly turn: number;
      /** How many tools the model calls. */
      readonly calls: number;
      /** The text, if an earlier attempt has completed the turn. Absent: that of the deltas since the last fact. */
      readonly text?: string;
    };

/** An event with facts, of this or of a newer release. */
export function hasFacts(value: unknown): value is { readonly facts: readonly JsonObject[] } {
  return isObject(value) && isFacts(value.facts);
}

const isFacts = isArrayOf(isObject);

/** False for facts of a newer release, which readers ignore. */
export function isRunFact(value: unknown): value is RunFact {
  if (!isObject(value) || !isNumber(value.turn)) return false;
  switch (value.type) {
    case 'reasoning.delta':
      return isString(value.text) && isOptional((isFirst) => isFirst === true)(value.isFirst);
    case 'reasoning.completed':
      return isModelReasoning(value.reasoning);
    case 'turn.completed':
      return isNumber(value.calls) && isOptional(isString)(value.text);
    default:
      return false;
  }
}
