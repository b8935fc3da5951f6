import type { ModelRequest } from './language.model.js';
import { OfflineModel } from './offline/offline.model.js';
import { estimateMessage, estimateTokens } from './token.estimate.js';

const message = {
  role: 'user' as const,
  content: 'Whose nest?\n[image]',
  parts: [
    { type: 'text' as const, text: 'Whose nest?' },
    { type: 'image_url' as const, url: 'https://app.example/nest.jpg' },
  ],
};

describe('a message with an image', () => {
  it('counts each image the same', () => {
    expect(estimateMessage(message)).toBe(estimateTokens(message.content) + 1000);
  });

  it('is repeated by the offline model with its image', async () => {
    const request: ModelRequest = {
      model: 'm',
      instructions: '',
      messages: [message],
      tools: [],
      output: undefined,
      temperature: 0,
      maxOutputTokens: undefined,
    };
    expect((await new OfflineModel().reply(request)).text).toContain('Whose nest?\n[image]');
  });
});
