import {
  type CanActivate,
  type ExecutionContext,
  Injectable,
  mixin,
  type OnModuleInit,
  type Type,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';

/** A guard of a list. Nest calls the hooks only of guards that it binds itself. */
type ListedGuard = CanActivate & Partial<OnModuleInit>;

/** One guard that asks others in this order. Nest would make a context and wait for each of them. */
export function guardsInOrder(...order: readonly Type<ListedGuard>[]): Type<CanActivate> {
  @Injectable()
  class GuardsInOrder implements CanActivate, OnModuleInit {
    #guards: readonly CanActivate[] = [];

    constructor(private readonly moduleRef: ModuleRef) {}

    async onModuleInit(): Promise<void> {
      this.#guards = await Promise.all(order.map((guard) => this.#create(guard)));
    }

    async canActivate(context: ExecutionContext): Promise<boolean> {
      for (const guard of this.#guards) {
        if (!(await guard.canActivate(context))) return false;
      }
      return true;
    }

    async #create(type: Type<ListedGuard>): Promise<CanActivate> {
      const guard = await this.moduleRef.create(type);
      await guard.onModuleInit?.();
      return guard;
    }
  }
  return mixin(GuardsInOrder);
}
