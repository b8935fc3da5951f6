import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { isToolCall } from 'rookery';

/** Protects all routes of the application, those of the agents too. */
@Injectable()
export class BadgeGuard implements CanActivate {
  constructor(private readonly config: ConfigService) {}

  canActivate(context: ExecutionContext): boolean {
    // The caller of a tool has passed this guard already, on the route.
    if (isToolCall(context)) return true;
    const { headers } = context.switchToHttp().getRequest<{ headers: Readonly<Record<string, unknown>> }>();
    return headers['x-badge'] === this.config.getOrThrow<string>('BADGE');
  }
}

/** Keeps the model from tools that change something. */
@Injectable()
export class WritableGuard implements CanActivate {
  constructor(private readonly config: ConfigService) {}

  canActivate(): boolean {
    return this.config.get<string>('READ_ONLY') !== 'true';
  }
}
