import { RookeryClient } from './index.js';

const REPLY = { session_id: 's', run_id: 'r', reply: 'Hi', tokens_used: 2, model: 'm', processing_time_ms: 1 };

function clientOf(...answers: readonly Response[]): RookeryClient {
  const left = [...answers];
  return new RookeryClient({
    baseUrl: 'http://rookery.test',
    maxRetries: 0,
    fetch: () => Promise.resolve(left.shift() ?? Response.error()),
  });
}

describe('an answer of the service', () => {
  it('may have fields of a newer service', async () => {
    const answer = { ...REPLY, newField: 1 };
    expect(await clientOf(Response.json(answer)).chat({ message: 'Hello' })).toEqual(answer);
  });

  it.each([[null], ['ok'], [[REPLY]], [{ reply: 'Hi' }], [{ ...REPLY, run_id: 7 }]])(
    'is unexpected if a proxy sends %j',
    async (body) => {
      const chatting = clientOf(Response.json(body)).chat({ message: 'Hello' });
      await expect(chatting).rejects.toMatchObject({ name: 'RookeryError', code: 'unexpected_answer', status: 200 });
    },
  );

  it.each([[{}], [{ items: {} }], [{ items: [null] }], [{ items: [{ session_id: 7 }] }]])(
    'is unexpected if a list is %j',
    async (body) => {
      const listing = clientOf(Response.json(body)).sessions.list().next();
      await expect(listing).rejects.toMatchObject({ code: 'unexpected_answer' });
    },
  );

  it.each([[null], [{ type: 'run.started', run_id: 'r' }], [{ type: 'run.started', run_id: 'r', sequence: '1' }]])(
    'breaks its stream if an event is %j',
    async (event) => {
      const body = `data: ${JSON.stringify(event)}\n\n`;
      const streaming = clientOf(new Response(body)).stream({ message: 'Hello' }).next();
      await expect(streaming).rejects.toMatchObject({ code: 'stream_broken' });
    },
  );
});
