import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { AgentError } from '../index.js';
import { OPENAI_PREFIX } from '../openai/index.js';

const OPENAI_PATH = `/${OPENAI_PREFIX}/`;

/** The form of a body in single quotes, or whose double quotes a shell has removed or escaped. */
const WITHOUT_QUOTES = /^\s*('|\{\s*['\\A-Za-z_])/;

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
      const text = body.toString();
      void parse(request, text, (cause, value) => {
        done(cause && new AgentError('malformed_request', { detail: faultOf(text) }, { cause }), value);
      });
    }
  });
}

function faultOf(body: string): string {
  if (body === '') return 'The body is empty.';
  const hint = WITHOUT_QUOTES.test(body) ? ' Names and texts need double quotes; some shells remove them.' : '';
  return `The body is not valid JSON.${hint}`;
}
