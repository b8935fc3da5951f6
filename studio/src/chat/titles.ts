const PREFIX = 'rookery.studio.title.';
const MAX_LENGTH = 80;

/** Sessions have no titles, so the first question that this tab has asked serves. */
export const titles = {
  of: (sessionId: string): string => sessionStorage.getItem(PREFIX + sessionId) ?? sessionId,

  remember(sessionId: string, text: string): void {
    if (text === '' || sessionStorage.getItem(PREFIX + sessionId) !== null) return;
    sessionStorage.setItem(PREFIX + sessionId, text.slice(0, MAX_LENGTH));
  },
};
