/** Parses text that may be anything. Returns undefined if it is not JSON. The caller checks the form of the value. */
export function tryParseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The parsed value, or the text itself if it is not JSON. */
export function jsonOrText(text: string): unknown {
  const value = tryParseJson(text);
  return value === undefined ? text : value;
}
