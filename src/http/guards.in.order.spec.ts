import { type CanActivate, Controller, Get, Injectable, type OnModuleInit, UseGuards } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { guardsInOrder } from './guards.in.order.js';

@Injectable()
class Calls {
  readonly names: string[] = [];
}

@Injectable()
class First implements CanActivate, OnModuleInit {
  #isReady = false;

  constructor(private readonly calls: Calls) {}

  onModuleInit(): void {
    this.#isReady = true;
  }

  canActivate(): boolean {
    this.calls.names.push('first');
    return this.#isReady;
  }
}

@Injectable()
class Second implements CanActivate {
  constructor(private readonly calls: Calls) {}

  canActivate(): Promise<boolean> {
    this.calls.names.push('second');
    return Promise.resolve(this.calls.names.length === 2);
  }
}

@Injectable()
class Third implements CanActivate {
  constructor(private readonly calls: Calls) {}

  canActivate(): boolean {
    this.calls.names.push('third');
    return true;
  }
}

@Controller('guarded')
@UseGuards(guardsInOrder(First, Second, Third))
class GuardedController {
  @Get()
  get(): string {
    return 'passed';
  }
}

describe('guardsInOrder', () => {
  it('asks the guards in their order, with what their module provides, until one refuses', async () => {
    const module = await Test.createTestingModule({ controllers: [GuardedController], providers: [Calls] }).compile();
    const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
    await app.init();
    const { names } = app.get(Calls);
    const statuses = [(await app.inject('/guarded')).statusCode, (await app.inject('/guarded')).statusCode];
    expect(statuses).toEqual([200, 403]);
    expect(names).toEqual(['first', 'second', 'third', 'first', 'second']);
    await app.close();
  });
});
