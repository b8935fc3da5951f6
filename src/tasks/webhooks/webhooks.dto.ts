import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { IsIn, IsString, Length } from 'class-validator';
import { type Page, PageQuery } from '../../http/page.dto.js';
import {
  ApiCount,
  ApiList,
  ApiName,
  ApiText,
  ApiTime,
  IsText,
  Optional,
} from '../../http/validation/schema.decorator.js';
import { MAX_WEBHOOK_SECRETS, WEBHOOK_SIGNINGS, type WebhookSigning } from '../tasks.options.js';
import { DELIVERY_STATUSES, type DeliveryRow } from './deliveries.repository.js';

const TIME = { format: 'date-time', maxLength: 24, required: false } as const;

/** A webhook, by its id in the path. */
export class WebhookPath {
  /**
   * The `webhook_id` of `GET /webhooks`.
   * @example 'f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61'
   */
  @IsString()
  @Length(1, 128)
  @IsText()
  webhook_id: string;
}

/** Filters the webhooks. */
export class WebhooksQuery extends PageQuery {
  /** Only webhooks with this status. */
  @Optional()
  @IsIn(DELIVERY_STATUSES)
  @ApiProperty({ enum: DELIVERY_STATUSES, required: false })
  status?: (typeof DELIVERY_STATUSES)[number];
}

/** A webhook and its tries. */
@ApiSchema({ name: 'WebhookDelivery' })
export class WebhookDelivery {
  /**
   * The `webhook-id` of its posts.
   * @example 'f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61'
   */
  @ApiName()
  webhook_id: string;

  /** The task that it reports, or that needs an approval. Absent: it warns of a budget. */
  @ApiProperty({ minLength: 1, maxLength: 128, required: false, example: 'f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61' })
  task_id?: string;

  /**
   * The receiver. A query is replaced by `***`, because it may hold a secret.
   * @example 'https://app.example.com/hooks/rookery?***'
   */
  @ApiText(8192)
  url: string;

  /** `pending` until a post was delivered, or until the last one has failed. */
  @ApiProperty({ enum: DELIVERY_STATUSES, example: 'pending' })
  status: (typeof DELIVERY_STATUSES)[number];

  /**
   * Number of posts so far. A redelivery counts anew.
   * @example 2
   */
  @ApiCount()
  attempts: number;

  /**
   * When the task ended or needed an approval, or when the budget was warned of.
   * @example '2026-01-02T03:04:05.678Z'
   */
  @ApiTime()
  created_at: string;

  @ApiProperty({ ...TIME, example: '2026-01-02T03:04:05.700Z' })
  first_tried_at?: string;

  @ApiProperty({ ...TIME, example: '2026-01-02T03:04:08.123Z' })
  last_tried_at?: string;

  /** On `pending` only: when the next post is due. */
  @ApiProperty({ ...TIME, example: '2026-01-02T03:04:12.456Z' })
  next_at?: string;

  /** On `delivered` and `given_up` only. */
  @ApiProperty({ ...TIME, example: '2026-01-02T03:04:12.789Z' })
  finished_at?: string;

  /** Why the last post failed. Never text of the receiver. */
  @ApiProperty({ maxLength: 300, required: false, example: 'status 500' })
  last_error?: string;

  static from(row: DeliveryRow): WebhookDelivery {
    const { run_id, task_id, session_id, first_tried_at, last_tried_at, next_at, finished_at, last_error } = row;
    return {
      webhook_id: run_id,
      // Only the webhooks of tasks have a session.
      ...(session_id === '' ? {} : { task_id: task_id ?? run_id }),
      url: withoutQuery(row.url),
      status: row.status,
      attempts: row.attempts,
      created_at: toIso(row.created_at),
      ...(first_tried_at === null ? {} : { first_tried_at: toIso(first_tried_at) }),
      ...(last_tried_at === null ? {} : { last_tried_at: toIso(last_tried_at) }),
      ...(next_at === undefined ? {} : { next_at: toIso(next_at) }),
      ...(finished_at === undefined ? {} : { finished_at: toIso(finished_at) }),
      ...(last_error === null ? {} : { last_error }),
    };
  }
}

/** Webhooks, newest first. */
@ApiSchema({ name: 'WebhookPage' })
export class WebhookPage implements Page<WebhookDelivery> {
  @ApiList(100)
  items: WebhookDelivery[];

  /** Cursor of the next page; null on the last page. */
  @ApiText(512)
  next_cursor: string | null;
}

function withoutQuery(text: string): string {
  const { origin, pathname, search } = new URL(text);
  return `${origin}${pathname}${search === '' ? '' : '?***'}`;
}

function toIso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** The secrets with which the webhooks of a tenant are signed. */
@ApiSchema({ name: 'WebhookSecrets' })
export class WebhookSecrets {
  /** @example 'acme' */
  @ApiName()
  tenant: string;

  /** `shared`: these secrets do not sign yet. `both`: they sign beside the shared ones. `tenant`: they alone sign. */
  @ApiProperty({ enum: WEBHOOK_SIGNINGS, example: 'both' })
  signing: WebhookSigning;

  /** One for each configured secret, in their order. A post has a signature of each. */
  @ApiProperty({
    type: [String],
    minItems: 1,
    maxItems: MAX_WEBHOOK_SECRETS,
    items: { type: 'string', minLength: 1, maxLength: 128 },
    example: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
  })
  secrets: string[];
}
