import { prefersEvents } from './prefers.events.js';

describe('prefersEvents', () => {
  it.each([
    'text/event-stream',
    'Text/Event-Stream',
    'text/event-stream, */*;q=0.1',
    'application/json;q=0.5, text/event-stream',
  ])('is true for %s', (accept) => expect(prefersEvents(accept)).toBe(true));

  it.each([
    undefined,
    '*/*',
    'application/json',
    'text/event-stream;q=0',
    'application/json, text/event-stream',
    'application/problem+json, text/html;q=0.9',
  ])('is false for %s', (accept) => expect(prefersEvents(accept)).toBe(false));
});
