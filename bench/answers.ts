/** Returns the fault in the JSON answer to a chat, which must contain the whole reply. */
export function checkChat(reply: string): (answer: string) => string | undefined {
  const expected = `"reply":${JSON.stringify(reply)}`;
  return (answer) => (answer.includes(expected) ? undefined : `the answer lacks the reply: ${answer.slice(0, 300)}`);
}

/** The same for a chat completion of OpenAI's API. */
export function checkCompletion(reply: string): (answer: string) => string | undefined {
  const expected = `"content":${JSON.stringify(reply)}`;
  return (answer) => (answer.includes(expected) ? undefined : `the answer lacks the reply: ${answer.slice(0, 300)}`);
}

/** The same for a streamed response of OpenAI's API. */
export function checkResponse(deltas: number): (answer: string) => string | undefined {
  return (answer) => {
    const numbers = Array.from(answer.matchAll(/"sequence_number":(\d+)}$/gm), ([, number]) => Number(number));
    const seen = answer.split('event: response.output_text.delta\n').length - 1;
    if (!answer.endsWith('data: [DONE]\n\n')) return `the stream has no end: ${answer.slice(-300)}`;
    if (seen !== deltas) return `the stream had ${seen} deltas, not ${deltas}`;
    if (numbers.length < deltas) return `only ${numbers.length} events have a number`;
    if (numbers.some((number, index) => number !== index)) return 'the stream has a gap in its numbers';
    return undefined;
  };
}

/**
 * Returns the fault in an event stream. It must end with `run.completed`, contain every delta, and number its events 1,
 * 2, 3 …
 */
export function checkStream(deltas: number): (answer: string) => string | undefined {
  return (answer) => {
    const types = Array.from(answer.matchAll(/^event: ?(.+)$/gm), ([, type]) => type);
    const ids = Array.from(answer.matchAll(/^id: ?(\d+)$/gm), ([, id]) => Number(id));
    const seen = types.filter((type) => type === 'message.delta').length;
    if (types.at(-1) !== 'run.completed')
      return `the stream ended with ${types.at(-1) ?? 'nothing'}: ${answer.slice(-300)}`;
    if (seen !== deltas) return `the stream had ${seen} deltas, not ${deltas}`;
    if (ids.length !== types.length || ids.some((id, index) => id !== index + 1))
      return 'the stream has a gap in its ids';
    return undefined;
  };
}
