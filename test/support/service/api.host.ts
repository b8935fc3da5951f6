import type { Provider } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { WsAdapter } from '@nestjs/platform-ws';
import { Test } from '@nestjs/testing';
import { AgentModule, KeysService, type Scope } from '../../../src/index.js';
import { ChatGateway } from '../../../src/websocket/index.js';
import type { Target } from '../clients/client.js';
import { AUDIENCE, Issuer } from '../servers/issuer.js';

type Options = Parameters<typeof AgentModule.forRoot>[0];

/** A caller of an `ApiHost`. */
interface Caller {
  readonly tenant?: string;
  readonly scopes: readonly Scope[];
  /** The end user: the header `X-End-User` of a key, or the subject of a token. */
  readonly user?: string;
}

/** A Nest application with the module, on a port of its own. It accepts keys, or tokens of its own issuer. */
export class ApiHost implements Target {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly url: string,
    private readonly issuer: Issuer | undefined,
  ) {}

  static async start(auth: 'api-key' | 'jwt', options: Options, providers: readonly Provider[]): Promise<ApiHost> {
    const issuer = auth === 'jwt' ? await Issuer.start() : undefined;
    const jwt = issuer && { issuer: issuer.url, audience: AUDIENCE, jwksUri: issuer.jwksUri };
    const module = await Test.createTestingModule({
      imports: [AgentModule.forRoot({ ...options, auth: jwt ? { jwt } : 'api-key', webSocket: ChatGateway })],
      providers: [...providers],
    }).compile();
    const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
    app.useWebSocketAdapter(new WsAdapter(app));
    await app.listen(0, '127.0.0.1');
    return new ApiHost(app, await app.getUrl(), issuer);
  }

  /** Returns the headers of a new key, or of a token. */
  async headersOf({ tenant = 'acme', scopes, user }: Caller): Promise<Record<string, string>> {
    if (this.issuer) {
      const token = await this.issuer.sign({ sub: user ?? 'nobody', tenant, scope: scopes.join(' ') });
      return { authorization: `Bearer ${token}` };
    }
    const { key } = await this.app.get(KeysService).create({ name: 'test', tenant, scopes }, 'test');
    return { authorization: `Bearer ${key}`, ...(user === undefined ? {} : { 'x-end-user': user }) };
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.issuer?.close();
  }
}
