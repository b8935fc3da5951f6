import { isStorable } from '../../json/storable.text.js';
import { isPublicHost } from '../public.address.js';

const MAX_URL = 2048;
const IMAGE = /^data:image\/(?:png|jpeg|webp|gif);base64,[A-Za-z0-9+/]+={0,2}$/;

/**
 * Says why the URL of an image is invalid; undefined if it is valid. Only the provider fetches the URL, but a provider
 * may run in the operator's own network.
 */
export function imageUrlFault(url: string, maxLength: number): string | undefined {
  if (url.startsWith('data:')) {
    if (url.length > maxLength) return `must not be longer than ${maxLength} characters`;
    return IMAGE.test(url) ? undefined : 'must contain a PNG, JPEG, WebP or GIF in base64 if it is a data: URL';
  }
  if (url.length > MAX_URL) return `must not be longer than ${MAX_URL} characters`;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isHttps = parsed?.protocol === 'https:' && parsed.username === '' && parsed.password === '';
  if (!isHttps || !isStorable(url)) return 'must be an https: or data: URL without credentials';
  return isPublicHost(parsed.hostname) ? undefined : 'must not lead to a private address';
}
