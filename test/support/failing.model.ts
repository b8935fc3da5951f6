import { AgentError, type ModelReply } from '../../src/index.js';
import { ScriptedModel, type ScriptedTurn } from '../../src/testing/index.js';

/** A model with a script in which a turn may be a failure. */
export class FailingModel extends ScriptedModel {
  constructor(private readonly script: (ScriptedTurn | AgentError)[]) {
    super(...script.flatMap((turn) => (turn instanceof AgentError ? [] : [turn])));
  }

  override reply(...given: Parameters<ScriptedModel['reply']>): Promise<ModelReply> {
    const turn = this.script.shift();
    return turn instanceof AgentError ? Promise.reject(turn) : super.reply(...given);
  }
}
