// A service as a team writes it by hand: Nest on Express, class-validator, and the openai package. It keeps nothing.
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { Body, Controller, HttpCode, Module, Post, Res, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { IsNumber, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import OpenAI from 'openai';
import { announce } from '../announce.ts';

const MODEL = 'gpt-4o';
const openai = new OpenAI({ apiKey: 'sk-bench', baseURL: process.env.OPENAI_BASE_URL });

class ChatBody {}
for (const [field, decorators] of Object.entries({
  message: [IsString(), Length(1, 32_000)],
  session_id: [IsOptional(), IsString(), Length(1, 128)],
  temperature: [IsOptional(), IsNumber(), Min(0), Max(2)],
})) {
  for (const decorator of decorators) decorator(ChatBody.prototype, field);
}

class ChatController {
  async chat(body) {
    const startedMs = performance.now();
    const { choices, usage, model } = await openai.chat.completions.create(requestOf(body));
    return answerOf(body, startedMs, { reply: choices[0].message.content, tokens: usage.total_tokens, model });
  }

  async stream(body, response) {
    const startedMs = performance.now();
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    let sequence = 0;
    const send = (type, fields) =>
      response.write(`id: ${++sequence}\nevent: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`);
    const streamed = { stream: true, stream_options: { include_usage: true } };
    const chunks = await openai.chat.completions.create({ ...requestOf(body), ...streamed });
    response.on('close', () => chunks.controller.abort());
    let [reply, tokens] = ['', 0];
    send('run.started', { model: MODEL });
    for await (const chunk of chunks) {
      tokens = chunk.usage?.total_tokens ?? tokens;
      const delta = chunk.choices[0]?.delta.content;
      if (!delta) continue;
      reply += delta;
      send('message.delta', { delta });
    }
    send('run.completed', { response: answerOf(body, startedMs, { reply, tokens, model: MODEL }) });
    response.end();
  }
}

function requestOf({ message, temperature = 0.7 }) {
  return { model: MODEL, messages: [{ role: 'user', content: message }], temperature };
}

function answerOf({ session_id: sessionId = randomUUID() }, startedMs, { reply, tokens, model }) {
  const durationMs = performance.now() - startedMs;
  return { session_id: sessionId, reply, tokens_used: tokens, model, processing_time_ms: durationMs };
}

const decorate = (decorator, name) =>
  decorator(ChatController.prototype, name, Object.getOwnPropertyDescriptor(ChatController.prototype, name));
for (const name of ['chat', 'stream']) {
  decorate(Post(name), name);
  decorate(HttpCode(200), name);
  Body()(ChatController.prototype, name, 0);
  Reflect.defineMetadata('design:paramtypes', [ChatBody, Object], ChatController.prototype, name);
}
Res()(ChatController.prototype, 'stream', 1);
Controller()(ChatController);

class AppModule {}
Module({ controllers: [ChatController] })(AppModule);

const app = await NestFactory.create(AppModule, new ExpressAdapter(), { logger: false });
app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
await app.listen(0, '127.0.0.1');
announce(app.getHttpServer());
