import type { ChatRequestV2 } from 'rookery/client';
import type { Credentials } from '../service/credentials';

/** A request as a command. The secret is a variable of the shell, so that it can be pasted anywhere. */
export function asCurl(request: ChatRequestV2, origin: string, credentials: Credentials | undefined): string {
  const headers = ["-H 'Content-Type: application/json'"];
  if (credentials?.kind === 'key') headers.push('-H "X-API-Key: $ROOKERY_KEY"');
  if (credentials?.kind === 'token') headers.push('-H "Authorization: Bearer $ROOKERY_TOKEN"');
  if (credentials?.endUser !== undefined) headers.push(`-H ${shellText(`X-End-User: ${credentials.endUser}`)}`);
  const body = shellText(JSON.stringify(request));
  return [
    'curl -N',
    shellText(`${origin}/api/v2/agent/chat`),
    "-H 'Accept: text/event-stream'",
    ...headers,
    `-d ${body}`,
  ].join(' \\\n  ');
}

/** A request as a program. */
export function asTypeScript(request: ChatRequestV2, origin: string, credentials: Credentials | undefined): string {
  const options = [
    `baseUrl: ${JSON.stringify(origin)}`,
    ...(credentials?.kind === 'key' ? ['apiKey: process.env.ROOKERY_KEY'] : []),
    ...(credentials?.kind === 'token' ? ['token: process.env.ROOKERY_TOKEN'] : []),
    ...(credentials?.endUser === undefined ? [] : [`endUser: ${JSON.stringify(credentials.endUser)}`]),
  ];
  return `import { RookeryClient } from 'rookery/client';

const client = new RookeryClient({ ${options.join(', ')} });
const request = ${JSON.stringify(request, undefined, 2)};
for await (const event of client.streamV2(request)) {
  if (event.type === 'message.delta') process.stdout.write(event.delta);
  if (event.type === 'run.failed') console.error(event.error.detail);
}
`;
}

function shellText(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
