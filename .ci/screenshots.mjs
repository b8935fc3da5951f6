// Takes the pictures of docs/studio.md: `npm run screenshots`. It starts the built service in a folder of its own and opens
// Studio in Chromium.
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

const ROOT = join(import.meta.dirname, '..');
const OUT = join(ROOT, 'docs', 'studio');
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const QUESTIONS = ['What is 0.1 + 0.2?', 'What time is it in Europe/Oslo?'];

const folder = mkdtempSync(join(tmpdir(), 'rookery-screenshots-'));
const env = {
  PATH: process.env.PATH,
  PORT: '0',
  AUTH_MODE: 'api-key',
  LOG_FORMAT: 'json',
  DATABASE_URL: `file:${join(folder, 'rookery.db')}`,
};
const service = spawn(process.execPath, [join(ROOT, 'dist/app/main.js')], {
  cwd: folder,
  env,
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  mkdirSync(OUT, { recursive: true });
  await takeAll(await addressOf(service), await newKey());
} finally {
  service.kill();
  rmSync(folder, { recursive: true, force: true });
}

/** Reads the address from the log. */
async function addressOf({ stdout }) {
  let log = '';
  for await (const chunk of stdout) {
    log += chunk;
    const line = log.split('\n').find((each) => each.includes('"listening"'));
    if (line !== undefined) return JSON.parse(line).url;
  }
  throw new Error('The service has ended.');
}

async function newKey() {
  const args = ['create', '--name', 'Ada', '--tenant', 'acme', '--scopes', 'admin'];
  const { stdout } = await promisify(execFile)(process.execPath, [join(ROOT, 'dist/app/main.keys.js'), ...args], {
    env,
  });
  return /rookery_\w+/.exec(stdout)[0];
}

async function takeAll(url, key) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    const light = await open(browser, url, key, { colorScheme: 'light', viewport: { width: 1280, height: 760 } });
    await ask(light, QUESTIONS);
    await light.screenshot({ path: join(OUT, 'chat-light.png') });
    const dark = await open(browser, url, key, { colorScheme: 'dark', viewport: { width: 1280, height: 760 } });
    await dark.goto(`${url}/studio/runs`);
    await dark.locator('.row a').first().click();
    await dark.getByText('Input').waitFor();
    await dark.screenshot({ path: join(OUT, 'run-dark.png') });
    const mobile = await open(browser, url, key, { colorScheme: 'light', viewport: { width: 390, height: 760 } });
    await ask(mobile, QUESTIONS.slice(0, 1));
    await mobile.screenshot({ path: join(OUT, 'chat-mobile.png') });
  } finally {
    await browser.close();
  }
}

async function open(browser, url, key, view) {
  const page = await browser.newPage(view);
  await page.goto(`${url}/studio`);
  await page.getByLabel('API key or token').fill(key);
  await page.getByRole('button', { name: 'Open Studio' }).click();
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  return page;
}

async function ask(page, questions) {
  for (const question of questions) {
    await page.getByLabel('Your message').fill(question);
    await page.keyboard.press('Enter');
    await page.locator('.answer[aria-busy=false]').nth(questions.indexOf(question)).waitFor();
  }
  await page.locator('summary').first().click();
}
