import 'reflect-metadata';
import type { ServerResponse } from 'node:http';
import {
  type ArgumentsHost,
  Body,
  type CallHandler,
  type CanActivate,
  Catch,
  Controller,
  type DynamicModule,
  type ExceptionFilter,
  type ExecutionContext,
  ForbiddenException,
  Get,
  HttpException,
  Injectable,
  type MiddlewareConsumer,
  Module,
  type NestInterceptor,
  type NestModule,
  NotFoundException,
  Param,
  type PipeTransform,
  Post,
  UseGuards,
  ValidationPipe,
  VERSION_NEUTRAL,
  VersioningType,
} from '@nestjs/common';
import { type AbstractHttpAdapter, HttpAdapterHost, NestFactory } from '@nestjs/core';
import { IsInt, IsString, Max } from 'class-validator';
import {
  Agent,
  AgentModule,
  AgentRunnerService,
  LanguageModel,
  type ModelEvent,
  type ModelReply,
  type ModelRequest,
  Tool,
  type ToolContext,
} from 'rookery';
import type { Observable } from 'rxjs';

class NewOrder {
  @IsString() item!: string;
  @IsInt() @Max(9) count!: number;
}

@Controller('orders')
class OrdersController {
  @Get('missing')
  missing(): never {
    throw new NotFoundException('No such order.');
  }

  @Get(':id')
  get(@Param('id') id: string): object {
    return { id };
  }

  @Post()
  add(@Body() order: NewOrder): object {
    return { order, made: order.constructor.name };
  }
}

@Controller({ path: 'health', version: VERSION_NEUTRAL })
class HealthController {
  @Get()
  get(): object {
    return { ok: true };
  }
}

/** Changes every text that is a separate parameter. */
class ShoutPipe implements PipeTransform {
  transform(value: unknown): unknown {
    return typeof value === 'string' ? value.toUpperCase() : value;
  }
}

@Catch()
class HostFilter implements ExceptionFilter {
  constructor(private readonly host: HttpAdapterHost) {}

  catch(error: unknown, context: ArgumentsHost): void {
    const status = error instanceof HttpException ? error.getStatus() : 500;
    const response = error instanceof HttpException ? error.getResponse() : 'broken';
    this.host.httpAdapter.reply(context.switchToHttp().getResponse(), { host: response }, status);
  }
}

class HostGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, unknown> }>();
    if (headers['x-refuse'] === undefined) return true;
    throw new ForbiddenException('Not you.');
  }
}

class HostInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() === 'http') {
      context.switchToHttp().getResponse<{ header(name: string, value: string): unknown }>().header('x-host', 'seen');
    }
    return next.handle();
  }
}

@Injectable()
class Stock {
  readonly left = new Map([['nest box', 12]]);
}

class StaffGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.getArgByIndex<ToolContext>(1).principal.tenant === 'staff';
  }
}

class Item {
  @IsString() item!: string;
}

@Agent({ role: 'assistant', description: 'Knows the stock.', instructions: 'Tell of the stock.' })
class StockAgent {
  constructor(private readonly stock: Stock) {}

  @Tool({ description: 'How many are left' })
  left({ item }: Item): number {
    return this.stock.left.get(item) ?? 0;
  }

  @UseGuards(StaffGuard)
  @Tool({ description: 'Takes all away' })
  takeAll({ item }: Item): string {
    return `${item}: ${this.stock.left.delete(item)}`;
  }
}

/** The message's first word names a tool: calls it with the rest, then repeats its result. */
class ToolModel extends LanguageModel {
  nameFor(): string {
    return 'tool-model';
  }

  async reply({ messages, tools }: ModelRequest): Promise<ModelReply> {
    const { role = '', content = '' } = messages.at(-1) ?? {};
    const [name = '', item = ''] = content.split(': ');
    const isCall = role === 'user' && tools.some((tool) => tool.name === name);
    return {
      text: isCall ? '' : `I heard: ${content}`,
      toolCalls: isCall ? [{ callId: 'c1', name, arguments: JSON.stringify({ item }) }] : [],
      model: 'tool-model',
      usage: { inputTokens: 1, outputTokens: 1 },
      isTruncated: false,
    };
  }

  async *stream(request: ModelRequest): AsyncGenerator<ModelEvent> {
    const reply = await this.reply(request);
    if (reply.text !== '') yield { type: 'delta', text: reply.text };
    yield { type: 'reply', reply };
  }
}

type Agents = 'none' | 'routes' | 'runner';

@Module({})
class HostModule implements NestModule {
  static with(agents: Agents, databaseUrl: string): DynamicModule {
    const ours = AgentModule.forRoot({ model: new ToolModel(), databaseUrl, http: agents === 'routes' });
    return {
      module: HostModule,
      imports: agents === 'none' ? [] : [ours],
      controllers: [OrdersController, HealthController],
      providers: agents === 'none' ? [] : [Stock, StockAgent],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer
      .apply((_: unknown, response: ServerResponse, next: () => void) => {
        response.setHeader('x-middleware', response.hasHeader('x-middleware') ? 'seen twice' : 'seen');
        next();
      })
      .forRoutes('{*path}');
  }
}

export interface Choices {
  /** Paths that the host excludes from its global prefix. */
  readonly exclude?: string[];
  readonly makeAdapter: () => AbstractHttpAdapter;
}

/**
 * Serves one host without agents, with agents, and with only the runner. Prints the addresses and the runner's reply.
 */
export async function serve(choices: Choices): Promise<void> {
  const [bare, agents, runner] = [
    await start(choices, 'none'),
    await start(choices, 'routes'),
    await start(choices, 'runner'),
  ];
  const { reply } = await runner.get(AgentRunnerService).run({ message: 'left: nest box' });
  const urls = { bare: await bare.getUrl(), agents: await agents.getUrl(), runner: await runner.getUrl() };
  process.stdout.write(`${JSON.stringify({ ...urls, reply })}\n`);
}

async function start({ exclude, makeAdapter }: Choices, agents: Agents) {
  const app = await NestFactory.create(HostModule.with(agents, `file:${agents}.db`), makeAdapter(), {
    logger: false,
    abortOnError: false,
  });
  if (exclude === undefined) app.setGlobalPrefix('backend');
  else app.setGlobalPrefix('backend', { exclude });
  app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
  app.useGlobalPipes(
    new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }),
    new ShoutPipe(),
  );
  app.useGlobalFilters(new HostFilter(app.get(HttpAdapterHost)));
  app.useGlobalGuards(new HostGuard());
  app.useGlobalInterceptors(new HostInterceptor());
  await app.listen(0, '127.0.0.1');
  return app;
}
