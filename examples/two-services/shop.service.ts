import { Inject, Injectable, Module } from '@nestjs/common';
import { type ClientProxy, ClientsModule, Transport } from '@nestjs/microservices';
import type { AgentResponse } from 'rookery/client';
import { firstValueFrom } from 'rxjs';

const AGENTS = 'AGENTS';

/** Another service, which asks the agents by a message. */
@Injectable()
export class Shop {
  constructor(@Inject(AGENTS) private readonly agents: ClientProxy) {}

  /** @param key makes a repeated request harmless: it gets the first answer again. */
  async praise(item: string, key: string): Promise<string> {
    const request = { message: `Praise our ${item}.`, credentials: process.env['ROOKERY_KEY'], idempotency_key: key };
    const { reply } = await firstValueFrom(this.agents.send<AgentResponse>('agent.chat', request));
    return reply;
  }
}

/** The module of the shop. The port is that of the agents. */
export function shopModule(port: number) {
  @Module({
    imports: [
      ClientsModule.register([{ name: AGENTS, transport: Transport.TCP, options: { host: '127.0.0.1', port } }]),
    ],
    providers: [Shop],
  })
  class ShopModule {}
  return ShopModule;
}
