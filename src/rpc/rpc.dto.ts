import { Matches } from 'class-validator';
import { TENANT } from '../auth/principal.js';
import { Optional } from '../http/schema.decorator.js';
import { TENANT_RULE } from '../http/tenant.query.js';
import { TaskPath } from '../tasks/tasks.dto.js';

/** Which task is meant. */
export class TaskMessage extends TaskPath {
  /** Whose it is; only with the scope `admin` another tenant than one's own. */
  @Optional()
  @Matches(TENANT, { message: `tenant ${TENANT_RULE}` })
  tenant?: string;
}
