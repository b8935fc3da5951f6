import { found, type Measured, reasonOf } from './finding.js';

const SUBJECT = 'Provider';
const TIMEOUT_MS = 10_000;
const OPENAI = 'https://api.openai.com/v1';

/** A provider of models. */
export interface CheckedProvider {
  readonly baseUrl: string | undefined;
  readonly apiKey: string | undefined;
  /** The settings to correct. */
  readonly names: { readonly baseUrl: string; readonly apiKey: string };
}

/** Asks a provider for its models: that costs nothing, and needs the key. */
export async function checkProvider({ baseUrl = OPENAI, apiKey, names }: CheckedProvider): Promise<Measured> {
  const host = URL.parse(baseUrl)?.host ?? names.baseUrl;
  const finding = (state: 'ok' | 'warning' | 'fault', text: string, advice?: string) =>
    found(state, SUBJECT, `${host} ${text}`, advice);
  try {
    const began = Date.now();
    const response = await fetch(`${baseUrl.replace(/\/+$/, '')}/models`, {
      headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    const time = Date.parse(response.headers.get('date') ?? '');
    // The header has whole seconds.
    const aheadMs = (began + Date.now()) / 2 - time - 500;
    const clock = Number.isNaN(time) ? undefined : { other: host, aheadMs };
    return { findings: [verdict(response.status)], clock };
  } catch (failure) {
    // `fetch` quotes the URL or the header that it refuses.
    if (failure instanceof TypeError && failure.cause === undefined) {
      const hint = `Correct ${names.baseUrl}, which may not have a user or a password, or ${names.apiKey}.`;
      return { findings: [finding('fault', 'cannot be asked: its URL or its key cannot be sent.', hint)] };
    }
    const advice = `Correct ${names.baseUrl}, or let this machine reach it. A proxy needs NODE_USE_ENV_PROXY=1.`;
    return { findings: [finding('fault', `cannot be reached: ${reasonOf(failure)}`, advice)] };
  }

  function verdict(status: number) {
    if (status === 401 || status === 403) {
      return finding('fault', `refuses the key (${status}).`, `Correct ${names.apiKey}.`);
    }
    if (status >= 500) return finding('warning', `has a failure (${status}).`, 'Try again later.');
    return finding('ok', 'answers.');
  }
}
