import { type CanActivate, type ExecutionContext, Injectable, UseGuards } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Agent, isToolCall, Tool, type ToolContext } from '../index.js';
import { keepQuiet } from '../../test/support/quiet.js';
import { createTestApp, ScriptedModel } from '../testing/index.js';

const { jest } = import.meta;

interface Request {
  readonly headers: Readonly<Record<string, string>>;
}

/** A usual guard of an application: it reads the HTTP request of every context. */
@Injectable()
class TokenGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToHttp().getRequest<Request>().headers['authorization'] !== undefined;
  }
}

@Injectable()
class RouteGuard extends TokenGuard {
  override canActivate(context: ExecutionContext): boolean {
    return isToolCall(context) || super.canActivate(context);
  }
}

class StaffGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.getArgByIndex<ToolContext>(1).principal.tenant === 'staff';
  }
}

@Agent({ role: 'assistant', description: 'Looks after orders.', instructions: 'Be brief.' })
class OrdersAgent {
  @Tool({ description: 'Counts the orders' })
  count(): string {
    return 'Three.';
  }

  @UseGuards(StaffGuard)
  @Tool({ description: 'Cancels all orders', input: { type: 'object' } })
  cancel({ why }: { why?: string }): string {
    return `Cancelled: ${why ?? 'no reason'}`;
  }
}

/** Calls both tools; returns what the model reads. */
async function results(guard: new () => CanActivate, options: object): Promise<unknown[]> {
  const model = new ScriptedModel([{ tool: 'count' }, { tool: 'cancel' }], 'Done.');
  const providers = [OrdersAgent, { provide: APP_GUARD, useClass: guard }];
  const app = await createTestApp({ ...options, model, providers });
  try {
    await app.runner.run({ message: 'Hi' });
    return (model.requests.at(-1)?.messages ?? []).slice(-2).map(({ content }) => content);
  } finally {
    await app.close();
  }
}

describe('a global guard that reads the HTTP request', () => {
  keepQuiet();
  beforeEach(() => void jest.spyOn(console, 'error').mockReturnValue());

  const FAILED = ['Error: count failed.', 'Error: cancel failed.'];
  const GUARDED = ['Three.', 'Error: cancel failed.'];

  it('fails every call of a tool', async () => {
    expect(await results(TokenGuard, {})).toEqual(FAILED);
  });

  it('fails no call if global enhancers leave tools alone; guards of tools run', async () => {
    expect(await results(TokenGuard, { globalEnhancersOnTools: false })).toEqual(GUARDED);
  });

  it('fails no call if it asks isToolCall first', async () => {
    expect(await results(RouteGuard, {})).toEqual(GUARDED);
  });
});
