import { isIP } from 'node:net';
import { Injectable, Logger } from '@nestjs/common';
import { type AgentError, invalidField } from '../../errors/agent.error.js';
import { bareHost, isPublicAddress, isPublicHost } from '../../http/public.address.js';
import type { RunRequest } from '../events/run.events.js';
import type { MessagePart } from '../../models/message.parts.js';
import { RunsModuleOptions } from '../runs.options.js';
import { ImageResolver } from './image.resolver.js';

/** Names of one request are resolved one after the other, so their number is limited too. */
const MAX_HOSTS = 4;

type RequestImages = Pick<RunRequest, 'parts' | 'messages'>;

/** An image of a request, and its place there. */
interface Image {
  readonly field: string;
  readonly place: string;
  readonly url: string;
}

/**
 * Checks the images of a request. Only the provider fetches their addresses, but it may be in the operator's network.
 * The provider resolves a name again, and may follow redirects. So this check cannot replace limits in the network.
 */
@Injectable()
export class ImageUrls {
  constructor(
    private readonly options: RunsModuleOptions,
    private readonly resolver: ImageResolver,
  ) {
    if (options.imageHosts.length === 0 || options.imageUrls === 'https') return;
    const msg = 'the list of hosts of images has no effect: images at https addresses are refused';
    new Logger(ImageUrls.name).warn({ images: options.imageUrls, msg });
  }

  /**
   * Checks the images, and resolves the names of their hosts unless the request is a repeat.
   *
   * @throws AgentError `validation_failed`
   */
  async check(request: RequestImages, isRepeat: () => Promise<boolean>): Promise<void> {
    const hosts = new Map<string, Image>();
    for (const image of imagesOf(request)) {
      const host = this.#hostToResolve(image);
      if (host !== undefined && !hosts.has(host)) hosts.set(host, image);
    }
    if (hosts.size === 0 || (await isRepeat())) return;
    for (const [count, [host, image]] of [...hosts].entries()) {
      if (count === MAX_HOSTS) throw refusal(image, `must not be the ${MAX_HOSTS + 1}th host of the request`);
      const addresses = await this.resolver.addresses(host);
      if (addresses.length === 0) throw refusal(image, 'must have a host whose name resolves');
      if (!addresses.every(isPublicAddress)) throw refusal(image, 'must not lead to a private address');
    }
  }

  /** Returns the host if its name must be resolved. @throws AgentError if the URL alone shows that it is refused. */
  #hostToResolve(image: Image): string | undefined {
    const { url } = image;
    const { imageUrls, imageHosts } = this.options;
    if (imageUrls === 'off') throw refusal(image, 'is refused: images are switched off');
    if (url.startsWith('data:')) return undefined;
    if (imageUrls === 'data') throw refusal(image, 'must be a data: URL');
    const parsed = URL.parse(url);
    if (parsed?.protocol !== 'https:') throw refusal(image, 'must be an https: or data: URL');
    const host = bareHost(parsed.hostname);
    if (!isPublicHost(host)) throw refusal(image, 'must not lead to a private address');
    if (imageHosts.length === 0) return isIP(host) === 0 ? host : undefined;
    if (imageHosts.includes(host)) return undefined;
    throw refusal(image, 'must have an allowed host');
  }
}

/** The images of the message and of the transcript. Those of the session were checked when they came. */
function imagesOf({ parts, messages = [] }: RequestImages): readonly Image[] {
  const inTranscript = messages.flatMap((message, index) =>
    message.role === 'user' && typeof message.content !== 'string'
      ? imagesIn(message.content, 'messages', `messages[${index}].content`)
      : [],
  );
  return [...imagesIn(parts, 'input', 'input'), ...inTranscript];
}

function imagesIn(parts: readonly MessagePart[] = [], field: string, list: string): Image[] {
  return parts.flatMap((part, index) =>
    part.type === 'image_url' ? [{ field, place: `${list}[${index}].url`, url: part.url }] : [],
  );
}

function refusal({ field, place }: Image, rule: string): AgentError {
  return invalidField(field, `${place} ${rule}`);
}
