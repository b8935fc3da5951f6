import { type ExecutionContext, Injectable } from '@nestjs/common';
import type { HttpRequest } from '../../http/http.types.js';
import { StreamGuard } from '../../http/streaming/stream.guard.js';
import { isObject } from '../../json/json.object.js';

/** Counts a response as a stream of its caller if the body or the query asks for a stream. */
@Injectable()
export class RequestedStreamGuard extends StreamGuard {
  override canActivate(context: ExecutionContext): boolean {
    const { body, query } = context.switchToHttp().getRequest<HttpRequest>();
    const isStream = [body, query].some(
      (part) => isObject(part) && (part['stream'] === true || part['stream'] === 'true'),
    );
    return !isStream || super.canActivate(context);
  }
}
