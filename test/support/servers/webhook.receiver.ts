import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { LoopbackServer } from './loopback.server.js';

export const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** One post, as received. */
export interface Post {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Reply = (response: ServerResponse, post: Post) => void;

const ok: Reply = (response) => void response.writeHead(204).end();

export const status =
  (code: number, headers: Record<string, string> = {}): Reply =>
  (response) =>
    void response.writeHead(code, headers).end('no');

/** A webhook target on loopback that keeps the received posts. */
export class WebhookReceiver extends LoopbackServer {
  readonly posts: Post[] = [];
  /** The highest number of posts that waited for an answer at once. */
  most = 0;
  #open = 0;
  readonly #replies: Reply[] = [];

  static async start(reply: Reply = ok): Promise<WebhookReceiver> {
    return await new WebhookReceiver(reply).listen();
  }

  private constructor(private reply: Reply) {
    super();
  }

  get url(): string {
    return `${this.origin}/hook?token=secret-in-the-query`;
  }

  /** Sets the answers to the next posts, in order. */
  next(...replies: Reply[]): void {
    this.#replies.push(...replies);
  }

  /** Sets the answer to all other posts. */
  always(reply: Reply): void {
    this.reply = reply;
  }

  onConnection(listener: () => void): void {
    this.http.on('connection', listener);
  }

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.most = Math.max(this.most, ++this.#open);
    response.on('close', () => this.#open--);
    const post = { path: request.url ?? '', headers: request.headers, body: await textOf(request) };
    this.posts.push(post);
    (this.#replies.shift() ?? this.reply)(response, post);
  }
}

/** Verifies the signature of a post and returns its content. @throws WebhookVerificationError */
export function verified(post: Post | undefined): unknown {
  const headers = Object.fromEntries(Object.entries(post?.headers ?? {}).map(([name, value]) => [name, String(value)]));
  return new Webhook(WEBHOOK_SECRET).verify(post?.body ?? '', headers);
}
