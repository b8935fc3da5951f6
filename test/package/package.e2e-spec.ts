import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chat, send, type Answer, type Target } from '../support/clients/client.js';
import { expectError } from '../support/clients/expect-error.js';
import { objects, string } from '../support/json.js';
import { compiled } from '../support/service/agent.modules.js';
import { Package } from '../support/service/package.js';
import { deltasOf, openStream } from '../support/clients/sse.js';

interface Host {
  /** The host without our module. */
  readonly bare: Target;
  readonly agents: Target;
  /** With `http: false`. */
  readonly runner: Target;
  readonly reply: string;
}

const ADAPTERS = ['express', 'fastify'] as const;
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** As `nest new` makes it. */
const ROOT_MODULE = `import { Module } from '@nestjs/common';

@Module({
  imports: [],
  controllers: [],
  providers: [],
})
export class AppModule {}
`;

const run = promisify(execFile);

const pack = await Package.pack();
for (const adapter of ADAPTERS) {
  await pack.install(adapter, [`@nestjs/platform-${adapter}`], ['host.ts', `${adapter}.ts`]);
}
await pack.install('lean', [], []);
await pack.install('added', ['@nestjs/testing'], []);
await pack.install('sdk', ['@ai-sdk/provider'], ['sdk.ts']);
await pack.installAlone('page', ['eventsource-parser']);
await pack.installAlone('caller', ['eventsource-parser', '@nestjs/common', '@nestjs/core'], ['caller.ts']);
const complaints = await pack.compile();
const hosts = new Map(await Promise.all(ADAPTERS.map(async (adapter) => [adapter, await startHost(adapter)] as const)));

afterAll(() => pack.remove());

describe('the package', () => {
  it('contains the exports and their types, and neither the service nor tests nor maps', async () => {
    const files = await readdir(pack.path('unpacked/package'), { recursive: true });

    expect(files).toEqual(expect.arrayContaining(['dist/index.js', 'dist/index.d.ts', 'dist/testing/index.d.ts']));
    expect(
      files.filter((file) => /service\/|dist\/tools\/|main\.|spec\.|\.map$|(?<!\.d)\.ts$|^src/.test(file)),
    ).toEqual([]);
    expect(Object.keys(pack.manifest)).not.toEqual(expect.arrayContaining(['scripts', 'devDependencies']));
    expect(pack.names('optionalDependencies')).toEqual([]);
  });

  it('declares all that it imports', async () => {
    // It writes agents, which import the package itself.
    const declared = new Set(['rookery', ...pack.names('dependencies'), ...pack.names('peerDependencies')]);

    const imported = await importsOf(pack.path('unpacked/package/dist'));

    expect(imported.length).toBeGreaterThan(10);
    expect(imported.filter((name) => !declared.has(name))).toEqual([]);
  });

  it('loads with only its required packages', async () => {
    const code = `
      const { AgentModule } = await import('rookery');
      const { ScriptedModel } = await import('rookery/testing');
      const { fromAiSdk } = await import('rookery/ai-sdk');
      console.log(AgentModule.name, new ScriptedModel('Hi').nameFor(), fromAiSdk.name);`;

    expect(await pack.evaluate('lean', code)).toBe('AgentModule scripted fromAiSdk\n');
  });

  it('names each missing package that a feature needs, with the command that installs it', async () => {
    const code = `
      import 'reflect-metadata';
      import { NestFactory } from '@nestjs/core';
      import { Agent, AgentModule } from 'rookery';
      import { createTestApp } from 'rookery/testing';
      class Reader {}
      const mcp = [{ name: 'files', url: 'http://127.0.0.1:1/mcp' }];
      Agent({ role: 'reader', description: 'Reads.', instructions: 'Read.', mcp })(Reader);
      const failures = [createTestApp({ providers: [Reader] })];
      for (const options of [{ providers: [Reader] }, { databaseUrl: 'postgres://127.0.0.1/x' }]) {
        const { providers = [], databaseUrl = 'file:./lean.db' } = options;
        const imports = [AgentModule.forRoot({ databaseUrl, http: false })];
        const module = { module: class {}, imports, providers };
        const start = { logger: false, abortOnError: false };
        failures.push(NestFactory.createApplicationContext(module, start));
      }
      const told = await Promise.allSettled(failures);
      console.log(told.map(({ reason }) => reason?.message).join('\\n'));
      process.exit();`;

    expect((await pack.evaluate('lean', code)).split('\n')).toEqual([
      'createTestApp needs the package @nestjs/testing. Install it: npm install @nestjs/testing',
      'An agent with MCP servers needs the package @modelcontextprotocol/sdk. Install it: npm install @modelcontextprotocol/sdk',
      'A postgres:// database needs the package pg. Install it: npm install pg',
      '',
    ]);
  });

  it('takes models of the AI SDK', async () => {
    const code = `
      const { model, agents } = await import('./sdk.js');
      console.log(model.provider, model.nameFor('any'), agents.module.name);`;

    expect(await pack.evaluate('sdk', code)).toBe('acme acme-1 AgentModule\n');
  });

  it('has a client that does not need Nest', async () => {
    const code = `
      const { RookeryClient } = await import('rookery/client');
      const client = new RookeryClient({ baseUrl: 'http://127.0.0.1:1', maxRetries: 0 });
      console.log(await client.roles().catch(({ code }) => code));`;

    expect(await pack.evaluate('page', code)).toBe('network_error\n');
  });

  it('has a client module that needs only the core of Nest', async () => {
    const code = `
      const { ask } = await import('./caller.js');
      console.log(await ask('${hostOn('fastify').agents.url}'));`;

    expect(await pack.evaluate('caller', code)).toBe('I heard: hello\n');
  });

  it('has a command that adds an agent to a Nest application, and says what an installation lacks', async () => {
    const app = pack.path('added');
    const bin = pack.path('added/node_modules/rookery/dist/cli/bin.js');
    const command = (...words: string[]) =>
      run(process.execPath, [bin, ...words], { cwd: app, env: { PATH: process.env.PATH } }).then(
        ({ stdout }) => ({ code: 0, output: stdout }),
        ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
          code,
          output: stdout + stderr,
        }),
      );
    expect((await command('init')).output).toMatch(
      /^No application: the file .*package\.json does not exist\. Name the folder/,
    );
    expect((await command('doctor', 'nowhere')).output).toContain('nowhere/package.json does not exist.');
    await writeFile(join(app, 'package.json'), '{}');
    expect(await command('init')).toEqual({
      code: 1,
      output: [
        'Nothing was written:',
        '- package.json has no @nestjs/core: make an application with npx @nestjs/cli new',
        '- package.json needs "type": "module": Nest 12 has ES modules only',
        '- there is no tsconfig.json that can be read: the application must be in TypeScript\n',
      ].join('\n'),
    });
    const options = { experimentalDecorators: true, emitDecoratorMetadata: true };
    await mkdir(join(app, 'src'));
    await writeFile(join(app, 'src/app.module.ts'), ROOT_MODULE);
    await writeFile(join(app, '.gitignore'), '/dist');
    await writeFile(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions: options }));
    const manifest = { type: 'module', dependencies: { '@nestjs/core': '^12.5.1', rxjs: '^7.0.0' } };
    await writeFile(join(app, 'package.json'), JSON.stringify(manifest));

    const added = await command('init', '--nest');
    expect(added.output).toContain('src/app.module.ts imports the module.\nNext:\n  npm install class-validator\n');
    expect(added.output).not.toContain('swagger');
    expect(await readFile(join(app, '.gitignore'), 'utf8')).toBe('/dist\n/data\n');
    expect((await command('init')).output).toContain('- src/agents/weather.agent.ts exists already: move it');
    for (const name of ['app.module', 'agents/agents.module', 'agents/weather.agent', 'agents/weather.agent.spec']) {
      const source = await readFile(join(app, 'src', `${name}.ts`), 'utf8');
      await writeFile(join(app, 'src', `${name}.js`), compiled(source));
    }
    const code = `
      import 'reflect-metadata';
      let tested;
      globalThis.it = (name, test) => (tested = test().then(() => console.log(name)));
      await import('./src/agents/weather.agent.spec.js');
      await tested;
      const { NestFactory } = await import('@nestjs/core');
      const { AgentRunnerService } = await import('rookery');
      const { AppModule } = await import('./src/app.module.js');
      const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
      console.log((await app.get(AgentRunnerService).run({ message: 'Hello' })).model);
      await app.close();`;
    expect(await pack.evaluate('added', code)).toBe('asks its tool, and the model reads the forecast\noffline\n');

    const examined = await command('doctor');
    expect(examined.output).toMatch(/✔ Nest {6}12\.\d+\.\d+\n✔ Provider/);
    expect(examined.code).toBe(0);
    await rm(join(app, 'node_modules/class-validator'));
    expect(await command('doctor')).toMatchObject({
      code: 1,
      output: expect.stringContaining('→ npm install class-validator'),
    });
    expect((await command('chat', '--url', 'http://127.0.0.1:1', 'Hello')).output).toMatch(/^network_error: /);
    expect((await command('--version')).output).toBe(`${string(pack.manifest.version)}\n`);
  });

  it('compiles in strict applications', () => {
    expect(complaints).toBe('');
  });

  it('can be released if all pages are about its version, by a job that proves where it was built', async () => {
    const env = { PATH: process.env.PATH };
    const told = await run(process.execPath, ['.ci/release.mjs'], { cwd: ROOT, env }).catch(
      ({ stderr }: { stderr: string }) => stderr,
    );
    expect(told).toContain('- npm cannot prove where it was built');
    // While tests are written, changes may not be committed.
    expect(told).not.toMatch(/CHANGELOG|package-lock|docs\//);
  });

  it('is packed by its own command only', async () => {
    await expect(run('npm', ['pack', '--pack-destination', pack.path()], { cwd: ROOT })).rejects.toThrow(
      /npm run pack/,
    );
  });
});

describe.each(ADAPTERS)('a host on %s', (adapter) => {
  const { bare, agents, runner, reply } = hostOn(adapter);

  it.each([
    { call: 'GET /backend/v1/orders/a-1', status: 200 },
    { call: 'GET /backend/v1/orders/missing', status: 404 },
    { call: 'POST /backend/v1/orders', body: { item: 'egg', count: 1 }, status: 201 },
    { call: 'POST /backend/v1/orders', body: { item: 'egg', count: 10 }, status: 400 },
    { call: 'POST /backend/v1/orders', body: { item: 'egg', count: 1, more: 1 }, status: 400 },
    { call: 'POST /backend/v1/orders', body: '{"item":', headers: { 'content-type': 'application/json' }, status: 400 },
    { call: 'POST /backend/v1/orders', body: '<a/>', headers: { 'content-type': 'text/xml' } },
    { call: 'GET /backend/v1/orders/a-1', headers: { 'x-refuse': '1' }, status: 403 },
    { call: 'GET /backend/v1/nowhere', status: 404 },
    { call: 'PUT /backend/v1/orders', status: 404 },
    { call: 'GET /backend/api/v1/agent/roles', status: 404 },
    { call: 'GET /nowhere', status: 404 },
    { call: adapter === 'express' ? 'GET /health' : 'GET /backend/health', status: 200 },
    { call: adapter === 'express' ? 'POST /health' : 'GET /health', status: 404 },
  ])('answers its own routes as without our module: $call', async ({ call, status, body, headers = {} }) => {
    const [alone, beside, headless] = await Promise.all(
      [bare, agents, runner].map(async (host) => withoutDate(await send(host, call, { body, headers }))),
    );

    if (status !== undefined) expect(alone?.status).toBe(status);
    expect(beside).toEqual(alone);
    expect(headless).toEqual(alone);
  });

  it('serves our routes at their documented paths, with our headers', async () => {
    const answer = await chat(agents, { message: 'hello', session_id: 's-1' }, { headers: { 'x-request-id': 'r-1' } });

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ session_id: 's-1', reply: 'I heard: hello', model: 'tool-model' });
    expect(answer.headers).toMatchObject({
      'x-request-id': 'r-1',
      ratelimit: expect.stringMatching(/r=\d+/),
      'ratelimit-policy': expect.stringMatching(/q=60/),
      // The host's interceptor and middleware also run for our routes.
      'x-host': 'seen',
      'x-middleware': 'seen',
    });
    expect((await send(agents, 'GET /api/v1/agent/roles')).body).toMatchObject({ items: [{ role: 'assistant' }] });
    const page = await send(agents, 'GET /api/v1/agent/sessions?limit=1');
    expect(objects(page.body.items)).toHaveLength(1);
  });

  it('streams', async () => {
    const stream = await openStream(agents, { message: 'hello' }, { headers: { 'x-request-id': 'r-2' } });
    const events = await stream.rest();

    expect(stream.headers.get('x-request-id')).toBe('r-2');
    expect(stream.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(deltasOf(events)).toBe('I heard: hello');
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => String(index + 1)));
    expect(events.at(-1)?.event).toBe('run.completed');
  });

  it.each([
    { call: 'POST /api/v1/agent/chat', body: { message: '' }, status: 422, error: 'validation_failed' },
    { call: 'POST /api/v1/agent/chat', body: { message: 'a', more: 1 }, status: 422, error: 'validation_failed' },
    {
      call: 'POST /api/v1/agent/chat',
      body: { message: 'a', temperature: 5 },
      status: 422,
      error: 'validation_failed',
    },
    { call: 'POST /api/v1/agent/chat/stream', body: {}, status: 422, error: 'validation_failed' },
    { call: 'GET /api/v1/agent/sessions?limit=0', status: 422, error: 'validation_failed' },
    { call: 'GET /api/v1/agent/sessions/a%20b', status: 422, error: 'validation_failed' },
    { call: 'DELETE /api/v1/agent/sessions/unknown', status: 404, error: 'session_not_found' },
  ])('returns our errors for our routes: $call', async ({ call, body, status, error }) => {
    expectError(await send(agents, call, { body }), status, error);
  });

  it('compiles the schema of a caller', async () => {
    const output_schema = { type: 'object', properties: { a: { type: 'text' } } };
    const answer = await send(agents, 'POST /api/v2/agent/chat', { body: { input: 'hello', output_schema } });

    expectError(answer, 422, 'validation_failed');
    expect(answer.body.detail).toContain('schema is invalid');
  });

  it("answers our calls that the host's guard refuses with an ErrorResponse", async () => {
    expectError(await chat(agents, { message: 'a' }, { headers: { 'x-refuse': '1' } }), 403, 'forbidden');
  });

  it("injects the host's services into tools, and has the host's guards refuse calls", async () => {
    expect((await chat(agents, { message: 'left: nest box' })).body.reply).toBe('I heard: 12');
    expect((await chat(agents, { message: 'take_all: nest box' })).body.reply).toBe('I heard: Error: take_all failed.');
    expect((await chat(agents, { message: 'left: nest box' })).body.reply).toBe('I heard: 12');
  });

  it('has the runner and no route with `http: false`', async () => {
    const [alone, headless] = await Promise.all(
      [bare, runner].map(async (host) => withoutDate(await send(host, 'GET /api/v1/agent/roles'))),
    );

    expect(reply).toBe('I heard: 12');
    expect(headless).toEqual(alone);
    expect(headless?.status).toBe(404);
  });
});

async function startHost(adapter: string): Promise<Host> {
  const started = await pack.start(adapter, `${adapter}.js`);
  const [bare, agents, runner] = [started.bare, started.agents, started.runner].map((url) => ({ url: string(url) }));
  if (!bare || !agents || !runner) throw new Error('The host printed no addresses.');
  return { bare, agents, runner, reply: string(started.reply) };
}

function hostOn(adapter: (typeof ADAPTERS)[number]): Host {
  const host = hosts.get(adapter);
  if (host === undefined) throw new Error(`Unknown adapter ${adapter}.`);
  return host;
}

interface StableAnswer {
  status: number;
  headers: object;
  text: string;
}

/** Returns the parts of an answer that do not depend on its time. */
function withoutDate({ status, headers: { date, ...headers }, text }: Answer): StableAnswer {
  return { status, headers: { ...headers, date: typeof date }, text };
}

/** Returns the packages that the files of a folder import, including type imports. */
async function importsOf(folder: string): Promise<string[]> {
  const names = new Set<string>();
  for (const file of await readdir(folder, { recursive: true })) {
    if (!/\.(js|ts)$/.test(file)) continue;
    // The examples in comments import what their readers have.
    const text = (await readFile(join(folder, file), 'utf8')).replaceAll(/\/\*\*.*?\*\//gs, '');
    // In SQL, no semicolon follows the name.
    for (const [, from, name = from ?? ''] of text.matchAll(
      /(?:^|[^'"])\b(?:from\s*['"]([@a-z][^'"]*)['"];|import\s*\(?\s*['"]([@a-z][^'"]*)['"])/gm,
    )) {
      if (!name.startsWith('node:'))
        names.add(
          name
            .split('/')
            .slice(0, name.startsWith('@') ? 2 : 1)
            .join('/'),
        );
    }
  }
  return [...names].toSorted();
}
