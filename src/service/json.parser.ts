import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { AgentError } from '../index.js';
import { OPENAI_PREFIX } from '../openai/index.js';

const OPENAI_PATH = `/${OPENAI_PREFIX}/`;

/** Accepts only JSON in UTF-8. Decoding other bytes would silently change the stored text. */
export function readJson(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    // Clients of OpenAI's API send the type also without a body.
    if (body.length === 0 && request.url.startsWith(OPENAI_PATH)) return done(null, undefined);
    const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(request.headers['content-type'] ?? '')?.[1] ?? 'utf-8';
    if (!/^utf-?8$/i.test(charset)) {
      done(new AgentError('unsupported_media_type', { detail: 'The body must be encoded in UTF-8.' }));
    } else if (!isUtf8(Buffer.from(body))) {
      done(new AgentError('malformed_request', { detail: 'The body is not valid UTF-8.' }));
    } else {
      const detail = body.length === 0 ? 'The body is empty.' : 'The body is not valid JSON.';
      void parse(request, body.toString(), (cause, value) => {
        done(cause && new AgentError('malformed_request', { detail }, { cause }), value);
      });
    }
  });
}
