import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { Logger } from '@nestjs/common';
import { Flagd } from '../../test/support/servers/flagd.js';
import { CLOSED_PORT, freePort } from '../../test/support/servers/free.port.js';
import { keepQuiet } from '../../test/support/quiet.js';
import { flagsOf, ReleaseFiles } from '../../test/support/service/releases.js';
import { until } from '../../test/support/until.js';
import { HOST_PRINCIPAL } from '../auth/principal.js';
import { Releases } from './releases.js';

const { jest } = import.meta;

const LIMIT_MS = 15_000;
const NEW = flagsOf({ poet: { 'poet-2': 1 } });
const OLD = flagsOf({ poet: { code: 1 } });

let files: ReleaseFiles;
let releases: Releases;
let flagd: Flagd | undefined;

beforeEach(async () => {
  // The flags of the folder would choose another release.
  files = await ReleaseFiles.create({ 'two.yaml': 'name: poet-2\nrole: poet', 'flags.yaml': OLD });
});

afterEach(async () => {
  releases.onApplicationShutdown();
  flagd?.stop();
  flagd = undefined;
  await files.remove();
});

// After the hook above, so that logs during the shutdown are silenced too.
const captured = keepQuiet();

async function open(flagdUrl: string): Promise<void> {
  releases = new Releases(
    { source: { directory: files.directory, flagdUrl } },
    { roles: ['poet'], modelNames: undefined },
  );
  await releases.onModuleInit();
}

async function chosen(): Promise<string> {
  const request = { role: 'poet', pinned: undefined, others: [], sessionId: 's', principal: HOST_PRINCIPAL };
  return (await releases.choose(request)).get('poet')?.name ?? 'code';
}

const becomes = (name: string) => until(`it is ${name}`, async () => (await chosen()) === name, LIMIT_MS);

describe('the flags of a flagd server', () => {
  it('select releases from the first run on, and follow changes', async () => {
    flagd = await Flagd.start(NEW);
    await open(flagd.url);

    expect(await chosen()).toBe('poet-2');
    flagd.change({ flags: 'none' });
    flagd.change(OLD);
    await becomes('code');
    flagd.change(NEW);
    await becomes('poet-2');
    expect(captured.warnings).toEqual([]);
  });

  it('stay while the server is away, and change when it is back', async () => {
    flagd = await Flagd.start(NEW);
    const { port, url } = flagd;
    await open(url);
    flagd.stop();
    await until('no reader is left', () => flagd?.readers === 0, LIMIT_MS);
    expect(await chosen()).toBe('poet-2');

    flagd = await Flagd.start(OLD, port);
    await becomes('code');
  });

  it('select releases once the server is reachable; until then agents run as coded', async () => {
    const port = await freePort();
    await open(`http://127.0.0.1:${port}`);
    expect(await chosen()).toBe('code');
    expect(captured.warnings).toEqual([expect.stringMatching(/the flags cannot be reached/)]);

    flagd = await Flagd.start(NEW, port);
    await becomes('poet-2');
  });

  it('are not requested after the close, even while the server is away', async () => {
    const debug = jest.spyOn(Logger.prototype, 'debug');
    const logged = (text: string) => debug.mock.calls.filter((line) => inspect(line).includes(text)).length;
    await open(`http://127.0.0.1:${CLOSED_PORT}`);
    await until('it retries', () => logged('Starting gRPC') === 2, LIMIT_MS);
    releases.onApplicationShutdown();

    await until('the last attempt has failed', () => logged('attempting to reconnect') === 2, LIMIT_MS);
    await sleep(20);
    expect(logged('Starting gRPC')).toBe(2);
  });

  it('are not followed after the close', async () => {
    flagd = await Flagd.start(NEW);
    await open(flagd.url);
    expect(flagd.readers).toBe(1);

    releases.onApplicationShutdown();
    await until('no reader is left', () => flagd?.readers === 0, LIMIT_MS);
  });
});
