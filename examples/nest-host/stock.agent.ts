import { Injectable, UseGuards } from '@nestjs/common';
import { IsInt, IsString, Max, MaxLength, Min } from 'class-validator';
import { Agent, Tool } from 'rookery';
import { WritableGuard } from './badge.guard.js';

class ItemInput {
  @IsString()
  @MaxLength(100)
  item!: string;
}

class OrderInput extends ItemInput {
  @IsInt()
  @Min(1)
  @Max(100)
  count!: number;
}

/** A service that the application has anyway. */
@Injectable()
export class Stock {
  readonly #counts = new Map([['nest box', 12]]);

  count(item: string): number {
    return this.#counts.get(item) ?? 0;
  }

  order(item: string, count: number): void {
    this.#counts.set(item, this.count(item) + count);
  }
}

@Agent({ role: 'assistant', description: 'Knows the stock.', instructions: 'Answer questions about the stock.' })
export class StockAgent {
  constructor(private readonly stock: Stock) {}

  @Tool({ description: 'How many of an item are left', idempotent: true })
  countItem({ item }: ItemInput): number {
    return this.stock.count(item);
  }

  @UseGuards(WritableGuard)
  @Tool({ description: 'Orders an item from the supplier' })
  orderItem({ item, count }: OrderInput): string {
    this.stock.order(item, count);
    return `There will be ${this.stock.count(item)}.`;
  }
}
