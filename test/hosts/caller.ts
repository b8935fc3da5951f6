import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { RookeryClient } from 'rookery/client';
import { AgentClientModule, InjectAgentClient } from 'rookery/client/nest';

@Injectable()
class Helpdesk {
  constructor(@InjectAgentClient('desk') private readonly agents: RookeryClient) {}

  async answer(question: string): Promise<string> {
    const { reply } = await this.agents.chat({ message: question });
    return reply;
  }
}

/** Calls the agents of that host from an application that has only their client, and returns their replies. */
export async function ask(baseUrl: string): Promise<string> {
  @Module({ imports: [AgentClientModule.register({ name: 'desk', baseUrl })], providers: [Helpdesk] })
  class CallerModule {}

  const app = await NestFactory.createApplicationContext(CallerModule, { logger: false, abortOnError: false });
  try {
    return await app.get(Helpdesk).answer('hello');
  } finally {
    await app.close();
  }
}
