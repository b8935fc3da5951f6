import type { ModelRequest } from './language.model.js';
import { OfflineModel } from './offline.model.js';

const request = (maxOutputTokens?: number): ModelRequest => ({
  model: 'gpt-4o',
  instructions: 'Answer.',
  messages: [
    { role: 'user', content: 'My name is Ada.' },
    { role: 'assistant', content: 'Noted.' },
    { role: 'user', content: 'Who am I?' },
  ],
  tools: [],
  output: undefined,
  temperature: 0.7,
  maxOutputTokens,
});

describe('OfflineModel', () => {
  it('labels its reply, repeats what was said before, and says what it cannot do', async () => {
    const reply = await new OfflineModel().reply(request());
    expect(reply).toMatchObject({ model: 'offline', isTruncated: false });
    expect(reply.text).toMatch(/^\[offline model\].*Who am I\?.*My name is Ada\..*cannot understand/);
  });

  it('streams the same words that it answers at once', async () => {
    const model = new OfflineModel();
    let streamed = '';
    for await (const event of model.stream(request())) if (event.type === 'delta') streamed += event.text;
    expect(streamed).toBe((await model.reply(request())).text);
  });

  it('says so when the output limit cut it', async () => {
    const reply = await new OfflineModel().reply(request(5));
    expect(reply.isTruncated).toBe(true);
    expect(reply.usage.outputTokens).toBeLessThanOrEqual(5);
  });
});
