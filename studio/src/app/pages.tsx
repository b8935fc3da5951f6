import { ApprovalsPage } from '../approvals/approvals.page';
import { ChatPage } from '../chat/chat.page';
import { OperatePage } from '../operate/operate.page';
import { RunPage } from '../runs/run.page';
import { RunsPage } from '../runs/runs.page';
import { SessionPage } from '../sessions/session.page';
import { SessionsPage } from '../sessions/sessions.page';
import { UsagePage } from '../usage/usage.page';
import type { Place } from './router';

/** The pages, by the first part of their path. */
export const NAVIGATION = {
  chat: 'Chat',
  runs: 'Runs',
  approvals: 'Approvals',
  sessions: 'Sessions',
  usage: 'Usage',
  operate: 'Operate',
} as const;

export type PageName = keyof typeof NAVIGATION;

export const PAGES = [
  'chat',
  'runs',
  'approvals',
  'sessions',
  'usage',
  'operate',
] as const satisfies readonly PageName[];

export function pageOf({ parts: [first] }: Place): PageName {
  return PAGES.find((name) => name === first) ?? 'chat';
}

export function PageOf({ page, place }: { readonly page: PageName; readonly place: Place }) {
  const [, id] = place.parts;
  switch (page) {
    case 'chat':
      return <ChatPage sessionId={id} />;
    case 'runs':
      return id === undefined ? <RunsPage place={place} /> : <RunPage key={id} runId={id} />;
    case 'approvals':
      return <ApprovalsPage />;
    case 'sessions':
      return id === undefined ? <SessionsPage place={place} /> : <SessionPage key={id} sessionId={id} />;
    case 'usage':
      return <UsagePage place={place} />;
    case 'operate':
      return <OperatePage place={place} />;
  }
}
