import type { Browser, Page } from 'playwright-core';
import { openKeys } from '../../src/keys/open.keys.js';
import { Database } from '../../src/storage/database.js';
import { itInChromium, openBrowser } from '../support/clients/chromium.js';
import { chat, send, type Target } from '../support/clients/client.js';
import { DocsPage } from '../support/clients/docs.page.js';
import { isObject, object, objects, string, type Json } from '../support/json.js';
import { WEBHOOK_SECRET, WebhookReceiver } from '../support/servers/webhook.receiver.js';
import { removeServices, startService } from '../support/service/service.js';
import { until } from '../support/until.js';

const API = '/api/v1/agent';
/** The page takes a second for an operation, and longer on a busy machine. */
const LIMIT_MS = 600_000;
const NEVER = Date.now() + 86_400_000;
const HOOKS = { WEBHOOK_SECRET, WEBHOOK_ALLOW_PRIVATE: 'true' };

const [open, keyed] = await Promise.all([startService(), startService({ ...HOOKS, AUTH_MODE: 'api-key' })]);
const opened = await openKeys(keyed.databaseUrl);
const receiver = await WebhookReceiver.start();
let browser: Browser | undefined;

/** Opens a tab with a storage of its own. */
async function newTab(): Promise<Page> {
  browser ??= await openBrowser();
  const context = await browser.newContext();
  return await context.newPage();
}

afterAll(async () => {
  await browser?.close();
  await opened.close();
  await receiver.close();
  await removeServices();
});

interface Operation {
  readonly id: string;
  readonly tag: string;
  readonly required: readonly string[];
}

describe('/docs without authentication', () => {
  itInChromium('has no padlocks, and answers the first click', async () => {
    const page = await newTab();
    const docs = await DocsPage.open(page, open.url);
    expect(await page.locator('.authorization__btn, .auth-wrapper .authorize').count()).toBe(0);
    const operation = await docs.tryOut('Chat', 'chat_chat');
    expect((await docs.execute(operation)).status()).toBe(200);
    expect(docs.complaints).toEqual([]);
    await page.close();
  });

  itInChromium('sends one question after another, and offers to try only the operations that it answers', async () => {
    const page = await newTab();
    const docs = await DocsPage.openBriefly(page, open.url);
    for (const id of ['chat_chat', 'chat_stream', 'chatv2_chat']) await sendQuestions(docs, id);
    expect(docs.complaints).toEqual([]);
    const buttons = [
      ['Health', 'health_health', 1],
      ['Keys', 'keys_list', 0],
      ['Privacy', 'tenants_erase', 0],
      ['Chat', 'socket_connect', 0],
    ] as const;
    for (const [tag, id, count] of buttons) {
      const operation = await docs.show(tag, id);
      await operation.locator('.opblock-summary-control').click();
      await operation.locator('.responses-wrapper').waitFor();
      expect([id, await operation.getByRole('button', { name: 'Try it out' }).count()]).toEqual([id, count]);
      await docs.close(operation);
    }
    await page.close();
  });
});

describe('/docs with keys', () => {
  let key: string;
  let page: Page;
  let docs: DocsPage;

  itInChromium('says what to paste', async () => {
    key = await keyOf('acme');
    page = await newTab();
    docs = await DocsPage.openBriefly(page, keyed.url);
    await page.getByRole('button', { name: 'Authorize' }).click();
    expect(await page.locator('.auth-container').first().innerText()).toContain('Paste an API key (rookery_…).');
    await page.locator('.close-modal').click();
    await docs.authorize(key);
  });

  itInChromium(
    'keeps it when the page is loaded again, and answers the first click on every operation with 2xx',
    async () => {
      await page.reload();
      const ids = await makeAll(key);
      const operations = (await operationsOf(keyed)).filter(({ id }) => id !== 'socket_connect');
      expect(operations.length).toBeGreaterThan(40);
      const failed: unknown[] = [];
      for (const { tag, id, required } of operations.toSorted(erasuresLast)) {
        const operation = await docs.tryOut(tag, id);
        for (const name of required) await docs.fill(operation, name, ids.of[id]?.[name] ?? ids.any[name] ?? 'missing');
        const response = await docs.execute(operation);
        const { 'idempotency-key': idempotencyKey, 'last-event-id': lastEventId } = response.request().headers();
        if (response.status() >= 300) failed.push([id, response.status(), await response.text()]);
        expect([id, idempotencyKey, lastEventId]).toEqual([id, undefined, undefined]);
      }
      expect(failed).toEqual([]);
      expect(docs.complaints).toEqual([]);
    },
    LIMIT_MS,
  );
});

/** Sends the example of an operation, another question, and the example with all fields. */
async function sendQuestions(docs: DocsPage, id: string): Promise<void> {
  const operation = await docs.tryOut('Chat', id);
  expect((await docs.execute(operation)).status()).toBe(200);
  const body = operation.locator('textarea.body-param__text');
  await body.fill((await body.inputValue()).replace('What does a rookery do?', 'What is 6 * 7?'));
  const second = await docs.execute(operation);
  expect(second.status()).toBe(200);
  expect(await second.text()).toContain('calculate');
  expect(second.headers()['idempotent-replayed']).toBeUndefined();
  await operation.locator('.examples-select-element').first().selectOption('full');
  expect((await docs.execute(operation)).status()).toBe(200);
  await docs.close(operation);
}

/** Every operation of the document, with the parameters that a person must fill in. */
async function operationsOf(target: Target): Promise<Operation[]> {
  const { body } = await send(target, 'GET /openapi.json');
  return Object.values(object(body.paths))
    .flatMap((methods) => Object.values(object(methods)).filter(isObject))
    .map((operation) => ({
      id: string(operation.operationId),
      tag: string(Array.isArray(operation.tags) ? operation.tags[0] : ''),
      required: objects(operation.parameters)
        .filter(({ required }) => required === true)
        .map(({ name }) => string(name)),
    }));
}

function erasuresLast(one: Operation, other: Operation): number {
  return Number(isErasure(one)) - Number(isErasure(other));
}

function isErasure({ id }: Operation): boolean {
  return /erase|revoke/i.test(id);
}

async function keyOf(tenant: string): Promise<string> {
  return (await opened.keys.create({ name: 'docs', tenant, scopes: ['admin'] }, 'test')).key;
}

interface Ids {
  /** By the name of the operation. */
  readonly of: Record<string, Record<string, string | undefined>>;
  /** Those of all other operations. */
  readonly any: Record<string, string | undefined>;
}

/** Makes what the operations read, change and erase. */
async function makeAll(key: string): Promise<Ids> {
  const headers = { authorization: `Bearer ${key}` };
  const ada = { ...headers, 'x-end-user': 'ada' };
  const task = async (body: Json = {}): Promise<string> => {
    const answer = await send(keyed, `POST ${API}/tasks`, { headers, body: { message: 'hello', ...body } });
    const id = string(answer.body.task_id);
    await until('the task ends', async () => (await read(id)).status === 'completed');
    return id;
  };
  const read = async (id: string) => (await send(keyed, `GET ${API}/tasks/${id}`, { headers })).body;
  const run = (await chat(keyed, { message: 'hello', session_id: 'mine' }, { headers })).body;
  await chat(keyed, { message: 'hello', session_id: 'of-ada' }, { headers: ada });
  const [hooked, asked, questioned, queued, waiting, cancelled] = await Promise.all([
    task({ webhook_url: receiver.url }),
    ...Array.from({ length: 5 }, () => task()),
  ]);
  await until('the webhook is delivered', async () => {
    const { body } = await send(keyed, `GET ${API}/webhooks?status=delivered`, { headers });
    return objects(body.items).length > 0;
  });
  await putBack({ queued: [queued, waiting, cancelled], waiting: [asked, questioned] });
  await send(keyed, `POST ${API}/tasks/${cancelled}/cancel`, { headers });
  const { key_id } = await opened.keys.create({ name: 'other', tenant: 'umbrella', scopes: ['chat'] }, 'test');
  const any = {
    run_id: string(run.run_id),
    task_id: hooked,
    webhook_id: hooked,
    session_id: 'mine',
    end_user: 'ada',
    tenant: 'umbrella',
    key_id,
  };
  const of = {
    tasks_cancel: { task_id: queued },
    tasks_retry: { task_id: cancelled },
    tasks_decide: { task_id: asked, approval_id: `approval-${asked}` },
    runs_events: { run_id: hooked },
    runsv2_events: { run_id: hooked },
    runs_cancel: { run_id: waiting },
    runs_decide: { run_id: questioned, approval_id: `approval-${questioned}` },
  };
  return { of, any };
}

/** Tasks of the service end at once, and its agents ask for no approval: these rows are as if others had been there. */
async function putBack({ queued, waiting }: { queued: (string | undefined)[]; waiting: (string | undefined)[] }) {
  const database = await Database.open(keyed.databaseUrl, { isTool: true });
  const { query } = database;
  const notOver = { finished_at: null, outcome: null, owner: null };
  for (const id of [...queued, ...waiting]) {
    const status = waiting.includes(id) ? ('waiting_approval' as const) : ('queued' as const);
    await query
      .updateTable('runs')
      .set({ ...notOver, status, not_before: NEVER })
      .where('run_id', '=', String(id))
      .execute();
  }
  for (const id of waiting) {
    const created_at = Date.now();
    await query
      .insertInto('approvals')
      .values({
        run_id: String(id),
        approval_id: `approval-${id}`,
        tool: 'pay',
        arguments: '{}',
        created_at,
        step: '1',
      })
      .execute();
  }
  await database.onApplicationShutdown();
}
