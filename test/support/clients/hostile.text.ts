/** Pieces to repeat, with a beginning and an end that prevent a pattern from matching. */
const PIECES: readonly (readonly [what: string, begin: string, piece: string, end: string])[] = [
  ['blanks', 'a', ' ', 'b'],
  ['tabs', 'a', '\t', 'b'],
  ['commas', '', ',', 'b'],
  ['blanks and commas', 'a', ' ,', 'b'],
  ['commas and blanks', 'a', ', ', 'b'],
  ['list items', '', 'a,', 'b'],
  ['semicolons', '', ';', 'b'],
  ['semicolons and blanks', 'a', '; ', 'b'],
  ['parameters', 'a', ';a=b', ';'],
  ['equals signs', '', '=', 'b'],
  ['equals signs and blanks', 'a', '= ', 'b'],
  ['quotes', '', '"', 'b'],
  ['an open quote of escapes', 'a="', '\\"', 'b'],
  ['open brackets', '', '[', 'b'],
  ['pairs of brackets', '', '[]', 'b'],
  ['open parentheses', '', '(', 'b'],
  ['percent signs', '', '%', 'b'],
  ['escaped percent signs', '', '%25', 'b'],
  ['escaped slashes', '', '%2f', 'b'],
  ['broken escapes', '', '%c3%28', '%'],
  ['dots', 'a', '.', 'b'],
  ['labels', '', 'a.', '!'],
  ['colons', '', ':', 'b'],
  ['groups', '', '1:', 'x'],
  ['digits', '', '1', 'x'],
  ['letters', '', 'a', '!'],
  ['hyphens', '', '-', '!'],
  ['slashes', '', '/', '!'],
  ['dots and slashes', '', '../', '!'],
  ['IPv4 addresses', '', '127.0.0.1,', 'b'],
  ['IPv6 addresses', '', '::1,', 'b'],
  ['addresses with ports', '', '[::1]:1,', 'b'],
  ['ampersands', '', '&', 'b'],
  ['query pairs', '', 'a=b&', '='],
  ['plus signs', 'a=', '+', '%'],
  ['letters beyond ASCII', '', '\xe4', '\xff'],
];

/** A text on which a careless parser takes long. */
export interface HostileText {
  readonly what: string;
  readonly text: string;
}

/** Returns one text of each kind, of about that many bytes. */
export function hostileTexts(length: number): HostileText[] {
  const repeated = PIECES.map(([what, begin, piece, end]) => ({
    what,
    // Some clients write letters beyond ASCII as two bytes.
    text: begin + piece.repeat(Math.floor((length - begin.length - end.length * 2) / Buffer.byteLength(piece))) + end,
  }));
  return [...repeated, { what: 'query pairs of different names', text: differentPairs(length) }];
}

function differentPairs(length: number): string {
  const longest = 'zzzz=&'.length;
  return Array.from({ length: Math.floor(length / longest) }, (_, index) => `${index.toString(36)}=`).join('&');
}
