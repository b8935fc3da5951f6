import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { ReleaseResolver } from '../runs/loop/release.resolver.js';
import { OpenAIRefusal } from './openai.error.js';

/** The agents that a caller may run. Their roles are the models of this API. */
@Injectable()
export class OfferedModels {
  constructor(private readonly releases: ReleaseResolver) {}

  async list(principal: Principal): Promise<string[]> {
    return (await this.releases.runnableBy(principal)).map(({ role }) => role);
  }

  /** @throws OpenAIRefusal `model_not_found` */
  async require(model: string, principal: Principal): Promise<void> {
    const roles = await this.list(principal);
    if (roles.includes(model)) return;
    const detail = `The model "${model.slice(0, 128)}" does not exist. Offered: ${roles.join(', ') || 'none'}.`;
    throw new OpenAIRefusal('model_not_found', 'model', detail);
  }
}
