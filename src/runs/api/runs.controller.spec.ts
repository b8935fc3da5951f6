import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Agent, AgentModule, Tool } from '../../index.js';
import { ScriptedModel } from '../../testing/index.js';

@Agent({ role: 'assistant', description: 'Pays.', instructions: 'Pay.' })
class PayingAgent {
  @Tool({ description: 'Pays', needsApproval: true })
  async pay(): Promise<string> {
    // Long enough for a second decision to reach the run while it is active.
    await sleep(50);
    return 'paid';
  }
}

const PRICES = { '*': { input: 1_000_000, output: 0 } };
const folder = mkdtempSync(join(tmpdir(), 'rookery-runs-'));
const model = new ScriptedModel([{ tool: 'pay' }], 'Paid.', [{ tool: 'pay' }]);
let app: NestFastifyApplication;
let url: string;

beforeAll(async () => {
  const module = await Test.createTestingModule({
    imports: [AgentModule.forRoot({ model, databaseUrl: `file:${join(folder, 'rookery.db')}`, prices: PRICES })],
    providers: [PayingAgent],
  }).compile();
  app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  url = `${await app.getUrl()}/api/v1/agent`;
});

afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

function post(path: string, body: object): Promise<Response> {
  return fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

describe('POST /runs/{run_id}/approvals/{approval_id}', () => {
  it('resumes a stream that waits for it, once', async () => {
    const stream = await post('/chat/stream', { message: 'Pay' });
    const statuses: number[] = [];
    let streamed = '';
    for await (const text of (stream.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      streamed += text;
      const [, approval, run] = /"approval_id":"([^"]+)".*?"run_id":"([^"]+)"/.exec(text) ?? [];
      if (approval === undefined) continue;
      const path = `/runs/${run}/approvals/${approval}`;
      for (const body of [{ decision: 'maybe' }, { decision: 'approve' }, { decision: 'reject' }]) {
        const answer = await post(path, body);
        statuses.push(answer.status);
        if (answer.ok) expect(await answer.json()).toEqual({ run_id: run, status: 'running' });
      }
    }
    expect(statuses).toEqual([422, 200, 409]);
    expect([...streamed.matchAll(/^event: (.+)$/gm)].map(([, type]) => type)).toEqual([
      'run.started',
      'approval.required',
      'tool.started',
      'tool.completed',
      'message.delta',
      'run.completed',
    ]);
    const path = `/runs/${/"run_id":"([^"]+)"/.exec(streamed)?.[1]}`;
    const second: unknown = await (await fetch(url.replace('v1', 'v2') + path)).json();
    expect(second).toMatchObject({
      turns: [{ step: '1', cost: expect.any(Number) }, { cost: expect.any(Number) }],
      waits: [{ reason: 'approval', tool: 'pay', started_at: expect.any(String), finished_at: expect.any(String) }],
    });
    expect(await (await fetch(url + path)).text()).not.toMatch(/"waits"|"step":"1"[^}]*"cost"/);
  });

  it('does not find a finished run', async () => {
    const answer = await post('/runs/over/approvals/any', { decision: 'approve' });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: 'run_not_found' });
  });

  it('is not possible for /chat, which fails', async () => {
    const answer = await post('/chat', { message: 'Pay' });
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({
      error: 'approval_required',
      detail: expect.stringContaining('stream'),
    });
  });
});
