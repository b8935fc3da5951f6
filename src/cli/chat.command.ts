import { RookeryClient } from '../client/index.js';
import { Conversation, failureText, type Place } from './conversation.js';
import { Terminal } from './terminal.js';

const MAX_SESSIONS = 10;
const HELP = `/new            begins a new session
/sessions       lists your last sessions
/session ID     goes on with a session
/agents         lists the agents
/agent ROLE     talks to another agent
/exit           ends, as Ctrl-D does; Ctrl-C cancels an answer`;

/** The options of `rookery chat`. */
export interface ChatOptions {
  readonly url?: string;
  readonly agent?: string;
  readonly session?: string;
  readonly endUser?: string;
}

/** The variables of `rookery chat`. Arguments would show secrets to everyone on the machine. */
export interface ChatVariables {
  readonly ROOKERY_URL?: string | undefined;
  readonly ROOKERY_KEY?: string | undefined;
  readonly ROOKERY_TOKEN?: string | undefined;
  readonly PORT?: string | undefined;
}

/**
 * Talks to an agent of a running service. With a message it asks once; otherwise it reads messages until the input ends.
 *
 * @returns the exit code; 1 if the last answer failed.
 */
export async function chat(
  message: string | undefined,
  { agent: role, session: sessionId, ...options }: ChatOptions,
  variables: ChatVariables,
): Promise<number> {
  const client = clientOf(options, variables);
  const terminal = new Terminal();
  const conversation = new Conversation(client, terminal, { role, sessionId });
  terminal.onInterrupt = () => {
    if (conversation.isRunning) void conversation.cancel();
    else terminal.close();
  };
  try {
    if (message !== undefined) return (await conversation.send(message)) ? 0 : 1;
    return await converse(client, terminal, conversation);
  } finally {
    terminal.close();
  }
}

async function converse(client: RookeryClient, terminal: Terminal, conversation: Conversation): Promise<number> {
  let isCompleted = true;
  terminal.note('Write a message. /help lists the commands, and /exit ends.');
  for (;;) {
    const line = (await terminal.ask('> '))?.trim();
    if (line === undefined || line === '/exit') return isCompleted ? 0 : 1;
    if (line.startsWith('/')) await obey(line, client, terminal, conversation.place);
    else if (line !== '') isCompleted = await conversation.send(line);
  }
}

/** Follows a command. A failure is shown, and does not end the conversation. */
async function obey(line: string, client: RookeryClient, terminal: Terminal, place: Place): Promise<void> {
  const [name = '', argument = ''] = line.split(/\s+(.*)/);
  try {
    terminal.note(await answerTo(name, argument, client, place));
  } catch (failure) {
    terminal.note(failureText(failure));
  }
}

async function answerTo(name: string, argument: string, client: RookeryClient, place: Place): Promise<string> {
  switch (name) {
    case '/help':
      return HELP;
    case '/new':
      place.sessionId = undefined;
      return 'The next message begins a session.';
    case '/sessions':
      return await sessionsOf(client);
    case '/session': {
      if (argument === '') return `The session is ${place.sessionId ?? 'new'}.`;
      const { message_count: count } = await client.sessions.get(argument);
      place.sessionId = argument;
      return `The session has ${count} messages.`;
    }
    case '/agents':
      return (await client.roles()).map(({ role, description }) => `${role}: ${description}`).join('\n');
    case '/agent': {
      const roles = (await client.roles()).map(({ role }) => role);
      if (!roles.includes(argument)) return `There is no agent "${argument}". Offered: ${roles.join(', ')}`;
      place.role = argument;
      return `The next message goes to ${argument}.`;
    }
    default:
      return `There is no command ${name}. /help lists the commands.`;
  }
}

async function sessionsOf(client: RookeryClient): Promise<string> {
  const lines: string[] = [];
  for await (const session of client.sessions.list({ pageSize: MAX_SESSIONS })) {
    const { session_id: id, agent_role: role, message_count: count, updated_at: time } = session;
    lines.push(`${id}  ${time}  ${role}, ${count} messages`);
    if (lines.length === MAX_SESSIONS) break;
  }
  return lines.length === 0 ? 'There are no sessions.' : lines.join('\n');
}

/** @throws Error that names every invalid option. */
function clientOf({ url, endUser }: ChatOptions, variables: ChatVariables): RookeryClient {
  const { ROOKERY_URL, ROOKERY_KEY, ROOKERY_TOKEN, PORT } = variables;
  // An empty variable counts as not set.
  const baseUrl = url ?? (ROOKERY_URL || `http://127.0.0.1:${PORT || 8000}`);
  return new RookeryClient({
    baseUrl,
    apiKey: ROOKERY_KEY || undefined,
    token: ROOKERY_TOKEN || undefined,
    endUser,
  });
}
