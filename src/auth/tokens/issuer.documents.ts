import { isObject } from '../../json/json.object.js';

/** Far more than any issuer publishes. */
const MAX_BYTES = 256 * 1024;
const FETCH_TIMEOUT_MS = 5000;
const LOOPBACK = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** True for https, and for http on this machine: over plain HTTP an attacker could replace the keys. */
export function isSecureUrl(text: string): boolean {
  const url = URL.parse(text);
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname));
}

/**
 * The public keys of an issuer, as it publishes them.
 *
 * @param jwksUri default: from its OpenID discovery document.
 * @throws Error if a document is unreachable, too long or not valid.
 */
export async function fetchKeys(issuer: string, jwksUri?: string): Promise<unknown> {
  const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS);
  return await fetchJson(jwksUri ?? (await discoverKeysUrl(issuer, signal)), signal);
}

async function discoverKeysUrl(issuer: string, signal: AbortSignal): Promise<string> {
  const document = await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, signal);
  const { issuer: named, jwks_uri: url } = isObject(document) ? document : {};
  if (named !== issuer) throw new Error('The discovery document is of another issuer.');
  if (typeof url !== 'string' || !isSecureUrl(url)) {
    throw new Error('The jwks_uri of the discovery document must be an https URL.');
  }
  return url;
}

/** The message names only the host: the URL may contain a secret. */
async function fetchJson(url: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(url, { redirect: 'error', headers: { accept: 'application/json' }, signal });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`${new URL(url).host} answered with the status ${response.status}.`);
  }
  const parsed: unknown = JSON.parse(await boundedText(response));
  return parsed;
}

/** @throws Error if the body is too long. The rest is not read. */
async function boundedText({ body }: Response): Promise<string> {
  let bytes = 0;
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes <= MAX_BYTES) controller.enqueue(chunk);
      else controller.error(new Error(`The document is longer than ${MAX_BYTES} bytes.`));
    },
  });
  return await new Response(body?.pipeThrough(limit)).text();
}
