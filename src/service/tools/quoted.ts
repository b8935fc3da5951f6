/** Somebody else's text, short enough to stand in a message. */
export function quoted(text: string, longest = 60): string {
  return JSON.stringify(text.length > longest ? `${text.slice(0, longest)}…` : text);
}
