import { Matches } from 'class-validator';
import { TENANT } from '../auth/principal.js';
import { Optional } from '../http/validation/schema.decorator.js';
import { TENANT_RULE } from '../http/tenant.query.js';
import { TaskPath } from '../tasks/tasks.dto.js';

/** A message about one task. */
export class TaskMessage extends TaskPath {
  /** The tenant of the task. A tenant other than the caller's needs the scope `admin`. */
  @Optional()
  @Matches(TENANT, { message: `tenant ${TENANT_RULE}` })
  tenant?: string;
}
