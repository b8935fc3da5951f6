import { Random } from '../random.js';

/** A request that the service must refuse, and the status if the contract fixes it. */
export interface BadRequest {
  what: string;
  call: string;
  body?: string | Buffer;
  headers?: Record<string, string>;
  status?: number | undefined;
}

export interface BadBytes {
  what: string;
  bytes: string;
}

const CALLS = ['POST /api/v1/agent/chat', 'POST /api/v1/agent/chat/stream'];
const SESSIONS = '/api/v1/agent/sessions';
const BODY_LIMIT = 256 * 1024;
const JSON_TYPE = 'content-type: application/json';
const JSON_HEADERS = { 'content-type': 'application/json' };
const random = new Random(20261123);

/** The same requests in each run, grouped by their fault. */
export const batches: { kind: string; requests: BadRequest[] }[] = [
  { kind: 'fields of a wrong type', requests: wrongTypes() },
  { kind: 'characters that no text has', requests: wrongCharacters() },
  { kind: 'session ids that are none', requests: wrongSessionIds() },
  { kind: 'bodies that are no JSON', requests: brokenJson() },
  { kind: 'bodies that are no UTF-8', requests: wrongEncodings() },
  { kind: 'bodies that are very deep', requests: deepBodies() },
  { kind: 'names that every object knows', requests: prototypeKeys() },
  { kind: 'sizes beyond the limits', requests: wrongSizes() },
  { kind: 'content types that are not JSON', requests: wrongContentTypes() },
  { kind: 'odd query strings', requests: wrongQueries() },
  { kind: 'odd paths', requests: wrongPaths() },
];

function wrongTypes(): BadRequest[] {
  const literals = ['[]', '{}', 'true', 'false', '1e308', '1e400', '-1e400', '-5', '99999', '[1]', '[null]', '[["a"]]'];
  const objects = ['{"toString":1}', '{"length":5}', '{"valueOf":0.5}'];
  return ['message', 'session_id', 'agent_role', 'temperature'].flatMap((field) =>
    [...literals, ...objects].flatMap((literal) => {
      const body = field === 'message' ? `{"message":${literal}}` : `{"message":"hello","${field}":${literal}}`;
      return toEachCall(`${field} ${literal}`, body, 422);
    }),
  );
}

function wrongCharacters(): BadRequest[] {
  const pieces = ['\\u0000', '\\ud800', '\\udfff', '\\udc00\\ud800', '\\ud83d \\udc26', '\\ud83d\\ud83d\\udc26'];
  return pieces.flatMap((piece) =>
    Array.from({ length: 3 }, () => random.insert('hello there', piece)).flatMap((text) =>
      toEachCall(`message ${text}`, `{"message":"${text}"}`, 422),
    ),
  );
}

function wrongSessionIds(): BadRequest[] {
  const pieces = ['/', '\\\\', ' ', '%2F', '\\u0000', '\\n', '\\"', "'", '<', 'ß', '🐦', '*', '?', '#'];
  return pieces.flatMap((piece) => {
    const id = random.insert('session', piece);
    return toEachCall(`session id ${id}`, `{"message":"hello","session_id":"${id}"}`, 422);
  });
}

function brokenJson(): BadRequest[] {
  const whole = '{"message":"hello there","session_id":"some","temperature":0.5}';
  const cut = Array.from({ length: 20 }, () => whole.slice(0, random.below(whole.length)));
  const controls = Array.from({ length: 32 }, (_, code) => `{"message":"a${String.fromCharCode(code)}b"}`);
  const misspelt = [
    '{"message":"a",}',
    '{message:"a"}',
    '{"message":"a"}x',
    '{"message":"\\x41"}',
    '{"message":"a"//}',
  ];
  const numbers = ['01', '.5', '5.', '+1', '0x1', 'NaN', 'Infinity', '1e', '--1', '1_0'];
  const badNumbers = numbers.map((number) => `{"message":"hello","temperature":${number}}`);
  const bodies = [...cut, ...controls, ...misspelt, ...badNumbers];
  return bodies.flatMap((body) => toEachCall(`body ${JSON.stringify(body)}`, body, 400));
}

function wrongEncodings(): BadRequest[] {
  const text = '{"message":"Grüße"}';
  const bodies: [what: string, body: Buffer, charset?: string][] = [
    ['Latin-1', Buffer.from(text, 'latin1')],
    ['Latin-1, said to be so', Buffer.from(text, 'latin1'), 'iso-8859-1'],
    ['UTF-16', Buffer.from(text, 'utf16le')],
    ['UTF-16, said to be so', Buffer.from(text, 'utf16le'), 'utf-16le'],
    ['UTF-16 with a mark', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 the other way round', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['a lone continuation byte', messageOf([0x80])],
    ['a character cut short', messageOf([0xe2, 0x82])],
    ['an overlong slash', messageOf([0xc0, 0xaf])],
    ['an overlong NUL', messageOf([0xc0, 0x80])],
    ['an encoded surrogate', messageOf([0xed, 0xa0, 0x80])],
    ['a code point beyond the last', messageOf([0xf5, 0x80, 0x80, 0x80])],
    ['bytes that UTF-8 never has', messageOf([0xfe, 0xff])],
    ['gzip', Buffer.from('1f8b08000000000000ff', 'hex')],
    ['NULs', Buffer.alloc(64)],
  ];
  return bodies.flatMap(([what, body, charset]) =>
    CALLS.map((call) => ({
      what,
      call,
      body,
      headers: { 'content-type': `application/json${charset ? `; charset=${charset}` : ''}` },
    })),
  );
}

function deepBodies(): BadRequest[] {
  const levels = 10_000;
  const lists = '['.repeat(levels) + ']'.repeat(levels);
  const objects = '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);
  return [
    ...toEachCall('lists', lists),
    ...toEachCall('objects', objects),
    ...toEachCall('a message of lists', `{"message":${lists}}`),
    ...toEachCall('a message of objects', `{"message":${objects}}`),
    ...toEachCall('an unknown field of objects', `{"message":"hello","more":${objects}}`),
    ...toEachCall('messages in messages', '{"message":'.repeat(levels) + '"hello"' + '}'.repeat(levels)),
    ...toEachCall('lists that do not end', '['.repeat(100_000), 400),
  ];
}

function prototypeKeys(): BadRequest[] {
  const bodies = [
    '{"message":"hello","__proto__":{"temperature":1}}',
    '{"message":"hello","__proto__":null}',
    '{"message":"hello","\\u005f_proto__":{"x":1}}',
    '{"__proto__":{"message":"hello"}}',
    '{"message":{"__proto__":{"length":5}}}',
    '{"message":"hello","constructor":{"prototype":{"x":1}}}',
    '{"message":"hello","constructor":"x"}',
    '{"constructor":{"prototype":{"message":"hello"}}}',
    '{"message":"hello","prototype":{}}',
    '{"message":"hello","toString":"x"}',
    '{"message":"hello","hasOwnProperty":1}',
    '{"message":"hello","toJSON":1}',
    '{"message":"hello","then":1}',
    '{"message":"hello","agent_role":"__proto__"}',
    '{"message":"hello","agent_role":"constructor"}',
    '{"message":"hello","agent_role":"hasOwnProperty"}',
  ];
  return bodies.flatMap((body) => toEachCall(body, body));
}

function wrongSizes(): BadRequest[] {
  const manyKeys = Array.from({ length: 5000 }, (_, index) => `"k${index}":1`).join(',');
  return [
    ...toEachCall('a message of 4001', `{"message":"${'x'.repeat(4001)}"}`, 422),
    ...toEachCall('a message of 4001 birds', `{"message":"${'🐦'.repeat(4001)}"}`, 422),
    ...toEachCall('a message of 200,000', `{"message":"${'x'.repeat(200_000)}"}`, 422),
    ...toEachCall('a message of invisible signs', `{"message":"a${'\ufe0f'.repeat(4001)}"}`, 422),
    ...toEachCall('a message of marks on one letter', `{"message":"a${'\u0301'.repeat(4001)}"}`, 422),
    ...toEachCall('a session id of 129', `{"message":"hello","session_id":"${'x'.repeat(129)}"}`, 422),
    ...toEachCall('a session id of 200,000', `{"message":"hello","session_id":"${'x'.repeat(200_000)}"}`, 422),
    ...toEachCall('a role of 200,000', `{"message":"hello","agent_role":"${'x'.repeat(200_000)}"}`, 422),
    ...toEachCall('a name of 200,000', `{"message":"hello","${'x'.repeat(200_000)}":1}`, 422),
    ...toEachCall('5,000 names', `{"message":"hello",${manyKeys}}`, 422),
    ...toEachCall('a list of 50,000', `{"message":[${'1,'.repeat(49_999)}1]}`, 422),
    ...toEachCall('a number of 200,000 digits', `{"message":"hello","temperature":${'9'.repeat(200_000)}}`, 422),
    ...toEachCall('a body beyond the limit', `{"message":"${'x'.repeat(BODY_LIMIT)}"}`, 413),
    ...toEachCall('spaces beyond the limit', ' '.repeat(BODY_LIMIT + 1), 413),
  ];
}

function wrongContentTypes(): BadRequest[] {
  const types = [
    'application',
    '/',
    ';',
    'json',
    'application/',
    'application/json/x',
    'application/jsonp',
    'application/x-ndjson',
    'application/xml',
    'application/octet-stream',
    'text/plain',
    'text/json',
    'text/plain; charset=utf-8',
    'text/plain; a=application/json',
    'multipart/form-data',
    'multipart/form-data; boundary=a',
    'application/x-www-form-urlencoded',
    '*/*',
    'image/png',
    'x'.repeat(3000),
  ];
  return types.flatMap((type) =>
    CALLS.map((call) => ({
      what: `content type ${type}`,
      call,
      body: '{"message":"hello"}',
      headers: { 'content-type': type },
      status: 415,
    })),
  );
}

function wrongQueries(): BadRequest[] {
  const queries = [
    ...'limit= limit=0 limit=-1 limit=101 limit=1.5 limit=ten limit=1e999 limit=NaN limit=Infinity'.split(' '),
    ...'limit=5;drop limit=5%00 limit=%F0%9F%90%A6 limit=1&limit=2 limit[]=5 limit[a]=5 limit=[5] limt=5'.split(' '),
    ...'cursor=nonsense cursor=%00 cursor=%ff%fe cursor=a&cursor=b cursor[]=a cursor=../../etc/passwd'.split(' '),
    ...'__proto__=1 __proto__[x]=1 constructor=1 toString=1 %00=1 cursor=%27%20OR%201=1%20--'.split(' '),
    `limit=${'9'.repeat(5000)}`,
    `cursor=${'a'.repeat(5000)}`,
    `cursor=${Buffer.from('{"__proto__":{"x":1}}').toString('base64url')}`,
    `cursor=${Buffer.from('[1e400,null]').toString('base64url')}`,
  ];
  return queries.map((query) => ({ what: `query ${query}`, call: `GET ${SESSIONS}?${query}` }));
}

function wrongPaths(): BadRequest[] {
  const ids = [
    ...'.. . %2e%2e %2E ..%2f..%2fetc%2fpasswd ../../../etc/passwd a%2Fb a%5Cb'.split(' '),
    ...'%00 a%00b a%0d%0aSet-Cookie:%20x=1 %20 % %zz %E0%A4%A %ff %C3%BC %F0%9F%90%A6 %u0041'.split(' '),
    ..."a'OR'1'='1 a;b a,b * {session_id} :session_id __proto__ constructor".split(' '),
    'x'.repeat(129),
    'x'.repeat(8000),
  ];
  return ids.flatMap((id) =>
    [`GET ${SESSIONS}/${id}`, `GET ${SESSIONS}/${id}/messages`, `DELETE ${SESSIONS}/${id}`].map((call) => ({
      what: `path ${call}`,
      call,
    })),
  );
}

/** Returns bytes that are invalid or incomplete HTTP. */
export function badBytes(): BadBytes[] {
  const body = '{"message":"hello"}';
  const length = `content-length: ${body.length}`;
  return [
    { what: 'a body cut short', bytes: `${requestHead('content-length: 100')}${body}` },
    { what: 'a body that never comes', bytes: requestHead('content-length: 100') },
    { what: 'a head cut short', bytes: 'POST /api/v1/agent/chat HTTP/1.1\r\nhost: loc' },
    { what: 'a chunk cut short', bytes: `${requestHead('transfer-encoding: chunked')}ff\r\n${body}` },
    { what: 'a chunk of a wrong length', bytes: `${requestHead('transfer-encoding: chunked')}zz\r\n${body}\r\n` },
    { what: 'a length and chunks', bytes: `${requestHead(length, 'transfer-encoding: chunked')}0\r\n\r\n` },
    { what: 'two lengths', bytes: `${requestHead(length, 'content-length: 5')}${body}` },
    { what: 'a negative length', bytes: `${requestHead('content-length: -1')}${body}` },
    { what: 'an invalid length', bytes: `${requestHead('content-length: many')}${body}` },
    { what: 'two content types', bytes: `${requestHead('content-type: text/plain', JSON_TYPE, length)}${body}` },
    { what: 'no host', bytes: `POST /api/v1/agent/chat HTTP/1.1\r\n${JSON_TYPE}\r\n${length}\r\n\r\n${body}` },
    { what: 'an unknown method', bytes: 'BREW /api/v1/agent/chat HTTP/1.1\r\nhost: localhost\r\n\r\n' },
    { what: 'an unknown version', bytes: 'GET /health HTTP/9.9\r\nhost: localhost\r\n\r\n' },
    { what: 'a space in the path', bytes: `GET ${SESSIONS}/a b HTTP/1.1\r\nhost: localhost\r\n\r\n` },
    { what: 'a NUL in a header', bytes: requestHead('x-request-id: a\0b', length) + body },
    { what: 'a header without a name', bytes: requestHead(': x', length) + body },
    { what: 'very long headers', bytes: requestHead(`x-long: ${'x'.repeat(100_000)}`, length) + body },
    { what: 'very many headers', bytes: requestHead(...Array.from({ length: 5000 }, (_, n) => `x-${n}: 1`)) },
    { what: 'a greeting in TLS', bytes: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' },
    { what: 'nothing but line ends', bytes: '\r\n\r\n\r\n' },
  ];
}

/** Returns a chat request up to its body; its type is JSON unless a header sets another. */
export function requestHead(...headers: string[]): string {
  const type = headers.some((header) => header.startsWith('content-type')) ? [] : [JSON_TYPE];
  return `${['POST /api/v1/agent/chat HTTP/1.1', 'host: localhost', ...type, ...headers].join('\r\n')}\r\n\r\n`;
}

function toEachCall(what: string, body: string | Buffer, status?: number): BadRequest[] {
  return CALLS.map((call) => ({ what, call, body, headers: JSON_HEADERS, status }));
}

function messageOf(bytes: number[]): Buffer {
  return Buffer.concat([Buffer.from('{"message":"a'), Buffer.from(bytes), Buffer.from('b"}')]);
}
