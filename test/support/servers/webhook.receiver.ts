import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

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
export class WebhookReceiver {
  readonly posts: Post[] = [];
  /** The highest number of posts that waited for an answer at once. */
  most = 0;
  #open = 0;
  readonly #replies: Reply[] = [];

  static async start(reply: Reply = ok): Promise<WebhookReceiver> {
    const server = createServer();
    const receiver = new WebhookReceiver(server, reply);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  private constructor(
    private readonly server: Server,
    private reply: Reply,
  ) {
    server.on('request', (request, response: ServerResponse) => {
      this.most = Math.max(this.most, ++this.#open);
      response.on('close', () => this.#open--);
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const post = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() };
        this.posts.push(post);
        (this.#replies.shift() ?? this.reply)(response, post);
      });
    });
  }

  get port(): number {
    const address: AddressInfo | string | null = this.server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook?token=secret-in-the-query`;
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
    this.server.on('connection', listener);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** Verifies the signature of a post and returns its content. @throws WebhookVerificationError */
export function verified(post: Post | undefined): unknown {
  const headers = Object.fromEntries(Object.entries(post?.headers ?? {}).map(([name, value]) => [name, String(value)]));
  return new Webhook(WEBHOOK_SECRET).verify(post?.body ?? '', headers);
}
