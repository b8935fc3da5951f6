import { accessSync, constants } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

/** The first one has no window, and takes half of the CPU time of the others. */
const NAMES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];
const CHROMIUM = NAMES.map((name) => `/usr/bin/${name}`).find(isExecutable);
// Switches off Chromium's own network requests.
const OFFLINE = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-sync'];
/** A name without TLS, whose pages the browser does not trust as it does loopback. */
export const INSECURE_HOST = 'studio.test';
const ARGS = ['--no-sandbox', '--disable-gpu', `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`, ...OFFLINE];

/** Tests in a browser: without one they are skipped, but fail in CI, which must run all tests. */
export const itInChromium = CHROMIUM === undefined && process.env.CI !== 'true' ? it.skip : it;

/** Starts a browser for the tests of a file. @throws Error if this machine has no Chromium. */
export async function openBrowser(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error('This test needs Chromium: apt-get install chromium-headless-shell');
  return await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
}

export async function inPage(test: (page: Page) => Promise<void>): Promise<void> {
  const browser = await openBrowser();
  try {
    await test(await browser.newPage());
  } finally {
    await browser.close();
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
