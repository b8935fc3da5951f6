const PREFIX = 'rookery.studio.title.';
const MAX_LENGTH = 80;

/** Titles of sessions before their first answer, and for callers who may not list sessions. */
export const titles = {
  of: (sessionId: string): string => sessionStorage.getItem(PREFIX + sessionId) ?? sessionId,

  remember(sessionId: string, text: string): void {
    if (text === '' || sessionStorage.getItem(PREFIX + sessionId) !== null) return;
    sessionStorage.setItem(PREFIX + sessionId, text.slice(0, MAX_LENGTH));
  },
};
