import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Agent, AgentModule, type AgentModuleOptions } from 'rookery';
import { RpcController, rpcServer } from 'rookery/rpc';

@Agent({ role: 'assistant', description: 'Answers in verse.', instructions: 'Answer in four rhyming lines.' })
class PoetAgent {}

/** Starts the service with the agents. It answers messages of other services over TCP, and has no routes. */
export async function startPoet(port: number, options: AgentModuleOptions) {
  @Module({
    imports: [AgentModule.forRoot({ ...options, rpc: RpcController, http: false })],
    providers: [PoetAgent],
  })
  class PoetModule {}

  const app = await NestFactory.createMicroservice(PoetModule, {
    strategy: rpcServer({ transport: 'tcp', host: '127.0.0.1', port }),
    logger: ['error', 'warn'],
  });
  app.enableShutdownHooks();
  await app.listen();
  return app;
}
