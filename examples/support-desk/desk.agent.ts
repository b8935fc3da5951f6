import { Matches } from 'class-validator';
import { Agent, Tool, type ToolContext, ToolError } from 'rookery';
import { Orders } from './orders.js';

class OrderInput {
  @Matches(/^A-\d{4}$/)
  order_id!: string;
}

@Agent({
  role: 'desk',
  description: 'Helps customers with their orders.',
  instructions: 'Look up the order before you answer. Refund an order only if the customer asks for it. Be brief.',
})
export class DeskAgent {
  constructor(private readonly orders: Orders) {}

  @Tool({ description: 'The item of an order, its price, and whether it is refunded', idempotent: true })
  findOrder({ order_id }: OrderInput): object {
    const order = this.orders.find(order_id);
    if (order === undefined) throw new ToolError(`${order_id} does not exist.`);
    return order;
  }

  /** Waits until a person has approved the call. */
  @Tool({ description: 'Pays the price of an order back', needsApproval: true, idempotent: true })
  refund({ order_id }: OrderInput, { idempotencyKey }: ToolContext): string {
    if (this.orders.refund(order_id, idempotencyKey)) return `${order_id} is refunded.`;
    throw new ToolError(`${order_id} does not exist, or is refunded already.`);
  }
}
