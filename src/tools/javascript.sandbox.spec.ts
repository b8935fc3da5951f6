import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { until } from '../../test/support/until.js';
import { CpuBudget } from './cpu.budget.js';
import { JavaScriptSandbox } from './javascript.sandbox.js';
import type { SandboxOutcome } from './javascript.worker.js';

const LATE = 'The code took longer than 0.3 s and was stopped.';
const HUNGRY = 'The code needed more than 64 MB of memory and was stopped.';
const TRUNCATED = '… truncated';
const LIMIT = 64 * 1024;

const sandbox = new JavaScriptSandbox();

afterAll(() => {
  sandbox.onApplicationShutdown();
});

const caller = { tenant: 't', id: 'a' };

function run(code: string, timeoutMs = 20_000): Promise<SandboxOutcome> {
  return sandbox.run(code, { caller, signal: new AbortController().signal, timeoutMs });
}

/** Runs the code of a whole table before its first test, concurrently, and returns the outcomes. */
function inAdvance(codes: readonly string[], timeoutMs?: number): (code: string) => Promise<SandboxOutcome> {
  const outcomes = new Map<string, Promise<SandboxOutcome>>();
  beforeAll(async () => {
    for (const code of codes) outcomes.set(code, run(code, timeoutMs));
    await Promise.allSettled(outcomes.values());
  });
  return (code) => outcomes.get(code) ?? Promise.reject(new Error('Nobody ran it.'));
}

const VALUES: [code: string, output: string][] = [
  ['const a = 2;\na + 40', '42'],
  ['"text as it is"', 'text as it is'],
  ['let r = []; for (const x of [1, 2]) { r.push(x) } r', '[1,2]'],
  ['({ a: [1, "b", null, true], c: { d: 0.1 } })', '{"a":[1,"b",null,true],"c":{"d":0.1}}'],
  ['await Promise.resolve(3)', '3'],
  ['(async () => { await null; return { b: 1 } })()', '{"b":1}'],
  ['undefined', 'undefined'],
  ['', 'undefined'],
  ['[undefined, -0, NaN, 10n, Symbol("q")]', '[undefined,-0,NaN,10n,Symbol(q)]'],
  ['[function f() {}, () => 1, class A {}]', '[[Function f],[Function (anonymous)],[Function A]]'],
  ['[new Map([["k", { v: 1 }]]), new Set([1])]', '[Map {"k" => {"v":1}},Set {1}]'],
  [
    '[new Date(0), /x/g, new Error("e"), new Uint8Array(2), Promise.resolve()]',
    '[1970-01-01T00:00:00.000Z,/x/g,Error: e (line 1),[0,0],[Promise]]',
  ],
  ['const o = { n: 1 }; o.self = o; [o, { same: o.n }]', '[{"n":1,"self":[Circular]},{"same":1}]'],
  ['({ get a() { console.log({ b: 1 }); return 1 } })', '{"a":1}'],
];

const FAILURES: [code: string, output: string][] = [
  ['1;\n  foo.bar()', "ReferenceError: 'foo' is not defined (line 2)"],
  ['console.log(1);\nnull.x', "TypeError: cannot read property 'x' of null (line 2)"],
  ['const a = {\n  b: }', "SyntaxError: unexpected token in expression: '}' (line 2)"],
  ['async function f() {\n  await null;\n  throw new RangeError("later");\n}\nawait f()', 'RangeError: later (line 3)'],
  ['throw { code: 5 }', 'Uncaught {"code":5}'],
  ['throw null', 'Uncaught null'],
  ['({ get a() { throw new Error("inside") } })', 'Error: inside (line 1)'],
  ['throw { get a() { throw 1 } }', 'Uncaught value that cannot be shown'],
  ['function f() { return f() + 1 }\nf()', 'InternalError: stack overflow (line 1)'],
  ['eval("(".repeat(100000))', 'RangeError: Maximum call stack size exceeded'],
  ['await new Promise(() => {})', 'The code awaits a promise that nothing will ever settle.'],
];

const ENDLESS = [
  'for (;;);',
  'for (;;) { try { for (;;); } catch {} }',
  'async function f() { for (;;) await null }\nawait f()',
  '/(a+)+$/.test("a".repeat(40) + "b")',
  'new Proxy({}, { ownKeys() { for (;;); } })',
  'for (;;) console.log("l")',
];

const HUNGRY_CODE = [
  'new Array(2 ** 32 - 2).fill(0)',
  'const all = []; for (;;) all.push({})',
  'globalThis.all = []; for (;;) all.push(new Uint8Array(1e6))',
  'Array(1e4).fill("x".repeat(1e4)).join("").length',
  'const all = []; for (;;) all.push(new Array(1000).fill(7))',
  'const all = new Map(); for (let i = 0; ; i++) all.set(i, i)',
  'globalThis.all = []; for (;;) all.push("x".repeat(1e5) + all.length)',
  'const all = []; for (;;) all.push(Promise.resolve(1).then(() => 2))',
  'let o = {}; for (;;) o = { o }',
];

describe('JavaScriptSandbox', () => {
  describe('the values of expressions', () => {
    const outcomeOf = inAdvance(VALUES.map(([code]) => code));

    it.each(VALUES)('returns the value of the last expression: %s', async (code, value) => {
      expect(await outcomeOf(code)).toMatchObject({ value });
    });
  });

  it('returns the console output, one line per call, for every method', async () => {
    const code = 'console.log("a", { b: [1] }, 2); console.error("c"); console.info("d"); console.warn("e"); 5';
    expect(await run(code)).toEqual({ value: '5', logs: 'a {"b":[1]} 2\nc\nd\ne\n' });
  });

  describe('failures', () => {
    const outcomeOf = inAdvance(FAILURES.map(([code]) => code));

    it.each(FAILURES)('reports the error of %j and its line', async (code, error) => {
      expect(await outcomeOf(code)).toMatchObject({ error: expect.stringContaining(error) });
    });
  });

  it('keeps the console output before a failure', async () => {
    expect(await run('console.log("so far"); boom()')).toMatchObject({ logs: 'so far\n', error: expect.any(String) });
  });

  describe('the time limit', () => {
    const outcomeOf = inAdvance(ENDLESS, 300);

    it.each(ENDLESS)('stops code that takes too long: %s', async (code) => {
      expect(await outcomeOf(code)).toMatchObject({ error: LATE });
    });
  });

  it('abandons a thread that ignores its deadline', async () => {
    const start = performance.now();
    expect(await run('for (let i = 0; i < 9000; i++) "ab".repeat(2e6)', 300)).toEqual({ error: LATE, logs: '' });
    expect(performance.now() - start).toBeLessThan(4000);
  });

  describe('the memory limit', () => {
    const outcomeOf = inAdvance(HUNGRY_CODE);

    it.each(HUNGRY_CODE)('stops code that needs too much memory: %s', async (code) => {
      expect(await outcomeOf(code)).toMatchObject({ error: HUNGRY });
    });
  });

  it('cuts values, logs and errors at 64 Ki characters', async () => {
    const outcome = await run('console.log("l".repeat(1e6)); console.log("never"); "v".repeat(1e6)');
    expect(outcome).toEqual({ value: `${'v'.repeat(LIMIT)}${TRUNCATED}`, logs: `${'l'.repeat(LIMIT)}${TRUNCATED}` });
    const thrown = await run('throw new Error("e".repeat(1e6))');
    expect('error' in thrown && thrown.error.length).toBe(4000 + TRUNCATED.length);
  });

  it.each(['new Array(4e9)', '"x".repeat(1e5).split("")', 'Array(100).fill(0).map((_, i) => 10n ** BigInt(i * 100))'])(
    'stops and cuts endless values: %s',
    async (code) => {
      const outcome = await run(code);
      expect(outcome).toMatchObject({ value: expect.stringContaining(TRUNCATED) });
      expect('value' in outcome && outcome.value.length).toBe(LIMIT + TRUNCATED.length);
    },
  );

  it('has no access to modules, timers, network or process', async () => {
    const names = [
      'require',
      'process',
      'module',
      'setTimeout',
      'fetch',
      'WebAssembly',
      'Atomics',
      'std',
      'os',
      'emit',
    ];
    const { length } = names;
    const code = `[${names.map((name) => `typeof ${name}`).join()}].filter((type) => type === 'undefined').length`;
    expect(await run(code)).toMatchObject({ value: String(length) });
    expect(await run('(await import("node:fs")).readFileSync')).toMatchObject({
      error: expect.stringContaining("could not load module 'node:fs'"),
    });
    expect(await run('console.log.constructor("return typeof process")()')).toMatchObject({ value: 'undefined' });
  });

  it('shares nothing between runs', async () => {
    await run('globalThis.secret = 1; Array.prototype.map = null');
    expect(await run('[typeof secret, typeof [].map]')).toMatchObject({ value: '["undefined","function"]' });
  });

  it('rejects code that is too long', async () => {
    expect(await run(' '.repeat(100_001))).toEqual({
      error: 'The code has 100001 characters. Give at most 100000.',
      logs: '',
    });
  });

  it('does not block the event loop', async () => {
    let ticks = 0;
    const ticking = setInterval(() => (ticks += 1), 10);
    await run('for (;;);', 300);
    clearInterval(ticking);
    expect(ticks).toBeGreaterThan(10);
  });

  it('stops at once if the signal aborts', async () => {
    const leaving = new AbortController();
    const running = sandbox.run('for (;;);', { caller, signal: leaving.signal, timeoutMs: 60_000 });
    setTimeout(() => leaving.abort(new Error('the caller left')), 20);
    await expect(running).rejects.toThrow('the caller left');
    await expect(sandbox.run('1', { caller, signal: leaving.signal })).rejects.toThrow('the caller left');
  });

  it('runs four at once; others wait, and can be aborted', async () => {
    const leaving = new AbortController();
    const endless = Array.from({ length: 4 }, () =>
      sandbox.run('for (;;);', { caller, signal: leaving.signal, timeoutMs: 60_000 }),
    );
    const waiting = run('"after all"');
    const impatient = sandbox.run('1', { caller, signal: AbortSignal.timeout(30) });
    await expect(impatient).rejects.toThrow('timeout');
    leaving.abort(new Error('enough'));
    expect(await Promise.allSettled(endless)).toEqual(
      Array.from({ length: 4 }, () => expect.objectContaining({ status: 'rejected' })),
    );
    expect(await waiting).toMatchObject({ value: 'after all' });
  });

  it('lets a caller wait for about one run of another that has many', async () => {
    const busy = new JavaScriptSandbox(2);
    const { signal } = new AbortController();
    const endless = Array.from({ length: 8 }, () => busy.run('for (;;);', { caller, signal, timeoutMs: 100 }));
    let ended = 0;
    for (const each of endless) void each.then(() => (ended += 1));

    expect(await busy.run('1 + 1', { caller: { tenant: 'u', id: 'b' }, signal })).toMatchObject({ value: '2' });
    expect(ended).toBeLessThanOrEqual(4);
    await Promise.all(endless);
  });

  // Other systems have no priority of a single thread.
  (process.platform === 'linux' ? it : it.skip)('runs code at a lower priority than the service', async () => {
    const leaving = new AbortController();
    const running = sandbox.run('for (;;);', { caller, signal: leaving.signal, timeoutMs: 60_000 });
    await until('a thread has the low priority', () => nicenesses().includes(10));
    expect(nicenesses()).toContain(getPriority());
    leaving.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });

  it('aborts running and waiting code at shutdown, and rejects new code', async () => {
    const closing = new JavaScriptSandbox();
    const { signal } = new AbortController();
    const runs = Array.from({ length: 6 }, () => closing.run('for (;;);', { caller, signal, timeoutMs: 60_000 }));
    closing.onApplicationShutdown();
    for (const result of await Promise.allSettled(runs)) {
      expect(result).toMatchObject({ reason: expect.objectContaining({ message: 'The service is shutting down.' }) });
    }
    await expect(closing.run('1', { caller, signal })).rejects.toThrow('The service is shutting down.');
  });
});

/** Returns the niceness of each thread of this process. */
function nicenesses(): number[] {
  return readdirSync('/proc/self/task').flatMap((id) => {
    try {
      const stat = readFileSync(`/proc/self/task/${id}/stat`, 'utf8');
      // The name of the thread comes before, and may contain blanks.
      return [Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16])];
    } catch {
      // The thread has ended meanwhile.
      return [];
    }
  });
}

describe('a caller of the sandbox', () => {
  it('runs no more code once its CPU time is used up, and others do', async () => {
    const limited = new JavaScriptSandbox(1, new CpuBudget(0.02));
    const { signal } = new AbortController();
    const runAs = (id: string, code: string) =>
      limited.run(code, { caller: { tenant: 't', id }, signal, timeoutMs: 300 });
    expect(await runAs('ada', 'for (;;);')).toMatchObject({ error: LATE });
    expect(await runAs('ada', '1')).toEqual({
      error: expect.stringMatching(
        /^The code of this caller has used its 0.02 s of CPU time a minute. Try again in \d+ s/,
      ),
      logs: '',
    });
    expect(await runAs('bob', '1')).toMatchObject({ value: '1' });
    limited.onApplicationShutdown();
  });
});
