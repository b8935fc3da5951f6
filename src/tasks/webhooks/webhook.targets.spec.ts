import type { LookupAddress } from 'node:dns';
import { WebhookResolver, WebhookTargets } from './webhook.targets.js';
import { completeOptions } from '../../options/options.defaults.js';

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;

/** Returns each answer once, and the last one for all later calls. */
class ScriptedResolver extends WebhookResolver {
  readonly asked: string[] = [];
  readonly #answers: (readonly string[] | Error)[];

  constructor(...answers: (readonly string[] | Error)[]) {
    super();
    this.#answers = answers;
  }

  addresses(name: string): Promise<readonly LookupAddress[]> {
    this.asked.push(name);
    const answer = (this.#answers.length > 1 ? this.#answers.shift() : this.#answers[0]) ?? [];
    if (answer instanceof Error) return Promise.reject(answer);
    return Promise.resolve(answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
  }
}

const PUBLIC = ['93.184.216.34'];

function targets({ secret = SECRET, allowPrivate = false, resolver = new ScriptedResolver(PUBLIC) } = {}) {
  return new WebhookTargets(completeOptions({ webhooks: { secret, allowPrivate } }).tasks, resolver);
}

/** Looks up a name as `connect` does. */
function lookUp(of: WebhookTargets, all: boolean): Promise<unknown> {
  return new Promise((resolve, reject) => {
    of.lookup('a.example', { all }, (failure, address, family) =>
      failure ? reject(failure) : resolve(all ? address : { address, family }),
    );
  });
}

describe('the target of a webhook, at submission', () => {
  const refusal = { code: 'validation_failed', errors: [{ field: 'webhook_url' }] };

  it.each([
    'https://example.com',
    'https://example.com:8443/hooks?to=me#part',
    'HTTPS://EXAMPLE.COM/',
    'https://93.184.216.34/',
    'https://[2606:4700:4700::1111]/',
    'https://example.com./',
  ])('may be %s', async (url) => {
    await expect(targets().check(url)).resolves.toBeUndefined();
  });

  it.each([
    '',
    'example.com',
    '/hook',
    'https://',
    'http://example.com/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'ws://example.com/',
    'https://user@example.com/',
    'https://user:password@example.com/',
    'https://:password@example.com/',
    `https://example.com/${'x'.repeat(2048)}`,
    'https://localhost/',
    'https://LOCALHOST:8443/',
    'https://localhost./',
    'https://localhost../',
    'https://redis/',
    'https://redis.:6379/',
    'https://app.localhost/',
    'https://ⓛocalhost/',
    'https://metadata.google.internal/computeMetadata/v1/',
    'https://127.0.0.1/',
    'https://127.0.0.1./',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0x7f.0.0.1/',
    'https://017700000001/',
    'https://0177.0.0.1/',
    'https://１２７.0.0.1/',
    'https://%31%32%37.0.0.1/',
    'https://0/',
    'https://169.254.169.254/latest/meta-data/',
    'https://10.1.2.3/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[0:0:0:0:0:ffff:7f00:1]/',
    'https://[64:ff9b::127.0.0.1]/',
    'https://[fd00:ec2::254]/',
    'https://[fe80::1]/',
  ])('may not be %s', async (url) => {
    await expect(targets().check(url)).rejects.toMatchObject({ code: 'validation_failed' });
  });

  it.each([
    ['only private', ['10.0.0.1']],
    ['public and private', ['93.184.216.34', '127.0.0.1']],
    ['mapped', ['::ffff:10.0.0.1']],
  ])('may not resolve to addresses that are %s', async (_, addresses) => {
    const resolver = new ScriptedResolver(addresses);
    await expect(targets({ resolver }).check('https://a.example/')).rejects.toMatchObject({
      ...refusal,
      errors: [{ field: 'webhook_url', message: 'webhook_url must not lead to a private address' }],
    });
    expect(resolver.asked).toEqual(['a.example']);
  });

  it('may have a name that does not resolve yet', async () => {
    const resolver = new ScriptedResolver(new Error('ENOTFOUND'));
    await expect(targets({ resolver }).check('https://a.example/')).resolves.toBeUndefined();
  });

  it('may be private and http if allowed, but without credentials', async () => {
    const resolver = new ScriptedResolver(['127.0.0.1']);
    const lenient = targets({ allowPrivate: true, resolver });
    await lenient.check('http://127.0.0.1:1/');
    await lenient.check('https://localhost/');
    await expect(lenient.check('http://user@127.0.0.1/')).rejects.toMatchObject({ code: 'validation_failed' });
    await expect(lenient.check('ftp://127.0.0.1/')).rejects.toMatchObject({ code: 'validation_failed' });
    expect(resolver.asked).toEqual([]);
  });

  it('is refused if no secret is configured', async () => {
    const { tasks: options } = completeOptions({ webhooks: { allowPrivate: true } });
    const check = new WebhookTargets(options, new ScriptedResolver(PUBLIC)).check('https://example.com/');
    await expect(check).rejects.toMatchObject({ code: 'validation_failed', status: 422 });
  });
});

describe('the target of a webhook, at the connection', () => {
  it('is a checked address', async () => {
    const addresses = ['93.184.216.34', '2606:4700:4700::1111'];
    const resolver = new ScriptedResolver(addresses);
    expect(await lookUp(targets({ resolver }), true)).toEqual([
      { address: '93.184.216.34', family: 4 },
      { address: '2606:4700:4700::1111', family: 6 },
    ]);
    expect(await lookUp(targets({ resolver }), false)).toEqual({ address: '93.184.216.34', family: 4 });
  });

  it('is refused if one address is private, or if it has no address', async () => {
    for (const all of [true, false]) {
      await expect(
        lookUp(targets({ resolver: new ScriptedResolver(['93.184.216.34', '10.0.0.1']) }), all),
      ).rejects.toThrow('private');
      await expect(lookUp(targets({ resolver: new ScriptedResolver([]) }), all)).rejects.toThrow('no address');
      await expect(lookUp(targets({ resolver: new ScriptedResolver(new Error('away')) }), all)).rejects.toThrow();
    }
  });

  it('is refused if its name resolves elsewhere than at submission', async () => {
    const rebinding = targets({ resolver: new ScriptedResolver(PUBLIC, ['127.0.0.1']) });
    await rebinding.check('https://a.example/');
    await expect(lookUp(rebinding, true)).rejects.toThrow('private');
  });
});
