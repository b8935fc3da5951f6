import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { HttpResponse } from '../http/http.types.js';
import { markReplayed } from '../http/idempotency-key.decorator.js';
import { sendEventText } from '../http/streaming/event.stream.js';

/** Sends answers that are either an object or a stream. */
@Injectable()
export class OpenAIReplies {
  constructor(private readonly host: HttpAdapterHost) {}

  /** @param isReplayed whether it repeats an earlier answer. */
  sendObject(reply: HttpResponse, body: object, isReplayed = false): void {
    markReplayed(reply, isReplayed);
    this.host.httpAdapter.reply(reply, body, 200);
  }

  /** @param isReplayed whether it repeats an earlier answer. */
  async sendStream(reply: HttpResponse, texts: AsyncIterable<string>, isReplayed = false): Promise<void> {
    markReplayed(reply, isReplayed);
    await sendEventText(reply, texts);
  }
}
