import { Webhook } from 'standardwebhooks';
import { completeOptions } from '../../options/options.defaults.js';
import { type SignedWebhook, WebhookSigner } from './webhook.signer.js';

const secretOf = (byte: number): string => `whsec_${Buffer.alloc(32, byte).toString('base64')}`;
const [OLD, NEW] = [secretOf(1), secretOf(2)];
const TASK: SignedWebhook = { run_id: 't1', tenant: 'acme', session_id: 's', body: '{"status":"completed"}' };
const BUDGET: SignedWebhook = { ...TASK, session_id: '' };

function signerOf(webhooks: Parameters<typeof completeOptions>[0]['webhooks']): WebhookSigner {
  return new WebhookSigner(completeOptions({ webhooks }).tasks);
}

/** The names of the secrets with which a receiver can verify the post. */
function acceptedBy(signature: string | undefined, secrets: Readonly<Record<string, string>>): string[] {
  const headers = {
    'webhook-id': TASK.run_id,
    'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
    'webhook-signature': signature ?? '',
  };
  return Object.keys(secrets).filter((name) => {
    try {
      new Webhook(secrets[name] ?? '').verify(TASK.body, headers);
      return true;
    } catch {
      return false;
    }
  });
}

describe('WebhookSigner', () => {
  const signer = signerOf({ secret: OLD, secrets: [NEW] });
  const [acmeOld = '', acmeNew = ''] = signer.secretsOf('acme');
  const [other = ''] = signer.secretsOf('other');
  const all = { OLD, NEW, acmeOld, acmeNew, other };

  it.each([
    [{ secret: OLD }, ['OLD']],
    [{ secrets: [NEW] }, ['NEW']],
    [{ secret: OLD, secrets: [NEW, OLD] }, ['OLD', 'NEW']],
    [{ secret: OLD, signing: 'both' }, ['OLD', 'acmeOld']],
    [{ secret: OLD, secrets: [NEW], signing: 'both' }, ['OLD', 'NEW', 'acmeOld', 'acmeNew']],
    [{ secret: OLD, secrets: [NEW], signing: 'tenant' }, ['acmeOld', 'acmeNew']],
  ] as const)('signs with %j so that receivers with %j verify', (options, expected) => {
    const signature = signerOf(options).sign(TASK, new Date());
    expect(acceptedBy(signature, all)).toEqual(expected);
    expect(signature?.split(' ')).toHaveLength(expected.length);
  });

  it('signs with one secret as the release before', () => {
    const at = new Date();
    expect(signerOf({ secret: OLD }).sign(TASK, at)).toBe(new Webhook(OLD).sign(TASK.run_id, at, TASK.body));
  });

  it.each(['both', 'tenant'] as const)('signs warnings of budgets only with the shared secret under %s', (signing) => {
    const signature = signerOf({ secret: OLD, signing }).sign(BUDGET, new Date());
    expect(acceptedBy(signature, all)).toEqual(['OLD']);
  });

  it('lets no receiver with the secret of its tenant forge for another', () => {
    const forged = new Webhook(acmeOld).sign(TASK.run_id, new Date(), TASK.body);
    expect(acceptedBy(forged, all)).toEqual(['acmeOld']);
  });

  it('derives the same secrets for a tenant in every process, and others for every tenant', () => {
    expect(signerOf({ secret: OLD }).secretsOf('acme')).toEqual([acmeOld]);
    expect(new Set(Object.values(all)).size).toBe(5);
    expect(acmeOld).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  });

  it('signs nothing without a secret', () => {
    expect(signerOf({}).sign(TASK, new Date())).toBeUndefined();
    expect(signerOf({}).isReady).toBe(false);
  });
});
