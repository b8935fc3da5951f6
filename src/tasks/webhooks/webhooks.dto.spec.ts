import { WebhookDelivery } from './webhooks.dto.js';

const ROW = {
  run_id: 'w',
  task_id: null,
  session_id: 's',
  status: 'pending',
  attempts: 0,
  created_at: 0,
  first_tried_at: null,
  last_tried_at: null,
  last_error: null,
  next_at: 1,
} as const;

describe('WebhookDelivery', () => {
  it.each([
    ['https://a.example/hook?token=secret#part', 'https://a.example/hook?***'],
    ['https://a.example:8443', 'https://a.example:8443/'],
  ])('shows %s as %s', (url, shown) => {
    expect(WebhookDelivery.from({ ...ROW, url }).url).toBe(shown);
  });

  it('names a task unless it warns of a budget', () => {
    const url = 'https://a.example/';
    expect(WebhookDelivery.from({ ...ROW, url })).toMatchObject({ webhook_id: 'w', task_id: 'w' });
    expect(WebhookDelivery.from({ ...ROW, url, session_id: '' })).not.toHaveProperty('task_id');
  });
});
