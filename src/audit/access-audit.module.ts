import { Module } from '@nestjs/common';
import { AccessAudit } from '../auth/access.audit.js';
import { StoredAccessAudit } from './stored.access-audit.js';

/** Records accesses for the guards, which are below the audit. */
@Module({
  providers: [{ provide: AccessAudit, useClass: StoredAccessAudit }],
  exports: [AccessAudit],
})
export class AccessAuditModule {}
