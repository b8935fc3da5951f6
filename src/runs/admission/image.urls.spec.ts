import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Logger } from '@nestjs/common';
import { completeOptions } from '../../options/options.defaults.js';
import { DnsImageResolver, ImageResolver } from './image.resolver.js';
import { ImageUrls } from './image.urls.js';

const { jest } = import.meta;

const PIXEL = 'data:image/png;base64,iVBORw0KGgo=';
const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  'app.example': ['93.184.216.34', '2606:4700:4700::1111'],
  '10-0-0-1.sslip.io': ['10.0.0.1'],
  'mixed.example': ['93.184.216.34', '127.0.0.1'],
  'mapped.example': ['::ffff:169.254.169.254'],
};

class ScriptedResolver extends ImageResolver {
  readonly asked: string[] = [];

  addresses(name: string): Promise<readonly string[]> {
    this.asked.push(name);
    return Promise.resolve(/^h\d\.example$/.test(name) ? ['93.184.216.34'] : (ADDRESSES[name] ?? []));
  }
}

type Images = Parameters<typeof completeOptions>[0]['images'];

function check(images: Images, ...urls: string[]): { done: Promise<void>; asked: string[] } {
  const resolver = new ScriptedResolver();
  const { runs } = completeOptions({ images });
  const parts = urls.map((url) => ({ type: 'image_url' as const, url }));
  return {
    done: new ImageUrls(runs, resolver).check({ parts: [{ type: 'text', text: 'What is this?' }, ...parts] }, () =>
      Promise.resolve(false),
    ),
    asked: resolver.asked,
  };
}

const refusal = (message: string) => ({ code: 'validation_failed', errors: [{ field: 'input', message }] });

describe('the images of a request', () => {
  it('may be in data: URLs and at public hosts', async () => {
    const { done, asked } = check({}, PIXEL, 'https://app.example/a.png', 'https://APP.example./b.png');
    await expect(done).resolves.toBeUndefined();
    expect(asked).toEqual(['app.example']);
    await expect(check({}, 'https://93.184.216.34/a.png').done).resolves.toBeUndefined();
  });

  it.each([
    ['https://10-0-0-1.sslip.io/a.png', 'input[1].url must not lead to a private address'],
    ['https://mixed.example/a.png', 'input[1].url must not lead to a private address'],
    ['https://mapped.example/a.png', 'input[1].url must not lead to a private address'],
    ['https://127.1/a.png', 'input[1].url must not lead to a private address'],
    ['https://unknown.example/a.png', 'input[1].url must have a host whose name resolves'],
    ['http://app.example/a.png', 'input[1].url must be an https: or data: URL'],
  ])('may not be %s', async (url, message) => {
    await expect(check({}, url).done).rejects.toMatchObject(refusal(message));
  });

  it.each([
    [{ urls: 'data', hosts: ['cdn.example'] } as const, 1],
    [{ urls: 'off', hosts: ['cdn.example'] } as const, 1],
    [{ urls: 'https', hosts: ['cdn.example'] } as const, 0],
    [{ urls: 'data' } as const, 0],
  ])('are warned of if the hosts of %j have no effect', async (images, warnings) => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
    await check(images, PIXEL).done.catch(() => undefined);
    expect(warn).toHaveBeenCalledTimes(warnings);
    warn.mockRestore();
  });

  it('may only be in data: URLs with urls: data', async () => {
    const message = 'input[1].url must be a data: URL';
    const urls = { urls: 'data' } as const;
    await expect(check(urls, 'https://app.example/a.png').done).rejects.toMatchObject(refusal(message));
    await expect(check(urls, PIXEL).done).resolves.toBeUndefined();
  });

  it('are all refused if they are off', async () => {
    const message = 'input[1].url is refused: images are switched off';
    await expect(check({ urls: 'off' }, PIXEL).done).rejects.toMatchObject(refusal(message));
  });

  it('may only be at the allowed hosts if there are any, which are not resolved', async () => {
    const hosts = { urls: 'https', hosts: ['cdn.example'] } as const;
    const { done, asked } = check(hosts, 'https://cdn.example/a.png');
    await expect(done).resolves.toBeUndefined();
    expect(asked).toEqual([]);
    const refused = check(hosts, 'https://app.example/a.png').done;
    await expect(refused).rejects.toMatchObject(refusal('input[1].url must have an allowed host'));
  });

  it('may be at four hosts', async () => {
    const urls = Array.from({ length: 5 }, (_, n) => `https://h${n}.example/a.png`);
    await expect(check({}, ...urls.slice(0, 4)).done).resolves.toBeUndefined();
    await expect(check({}, ...urls).done).rejects.toMatchObject(
      refusal('input[5].url must not be the 5th host of the request'),
    );
  });
});

describe('the default for images', () => {
  const OWN = { baseUrl: 'http://127.0.0.1:11434/v1' };

  it.each([
    ['https', {}],
    ['https', { model: { apiKey: 'k' } }],
    ['https', { model: { apiKey: 'k', baseUrl: 'https://api.openai.com/v1' } }],
    ['data', { model: OWN }],
    ['data', { model: { apiKey: 'k' }, fallbacks: [{ model: 'm', provider: OWN }] }],
    ['data', { model: { apiKey: 'k' }, models: { fast: { model: 'm', provider: OWN } } }],
  ])('is %s for %j', (expected, options) => {
    expect(completeOptions(options).runs.imageUrls).toBe(expected);
  });
});

describe('DnsImageResolver', () => {
  it('returns the addresses of both families, and none for a silent or unknown name', async () => {
    const server = createSocket('udp4');
    server.on('message', (query, { port }) => {
      if (!query.includes('silent')) server.send(answerTo(query), port, '127.0.0.1');
    });
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    const resolver = new DnsImageResolver([`127.0.0.1:${server.address().port}`]);
    try {
      expect(await resolver.addresses('known.example')).toEqual(['10.0.0.1', 'fd00::1']);
      expect(await resolver.addresses('silent.example')).toEqual([]);
    } finally {
      server.close();
    }
  });
});

/** Repeats the question with one answer: 10.0.0.1 or fd00::1. */
function answerTo(query: Buffer): Buffer {
  let end = 12;
  while (query[end] !== 0) end += (query[end] ?? 0) + 1;
  const question = query.subarray(12, end + 5);
  const isA = query.readUInt16BE(end + 1) === 1;
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(0x81_80, 2);
  header.writeUInt16BE(1, 6);
  header.writeUInt16BE(0, 8);
  header.writeUInt16BE(0, 10);
  const data = isA ? Buffer.from([10, 0, 0, 1]) : Buffer.from(`fd00${'0'.repeat(27)}1`, 'hex');
  const record = Buffer.from([0xc0, 12, 0, isA ? 1 : 28, 0, 1, 0, 0, 0, 60, 0, data.length]);
  return Buffer.concat([header, question, record, data]);
}
