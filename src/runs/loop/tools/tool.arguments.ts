import { ToolError } from '../../../agents/tool.error.js';
import { InexactNumber, parseExactJson } from '../../../json/exact.json.js';
import { objectText } from '../../../models/tool.arguments.js';

const MAX_SHOWN_CHARS = 200;

/**
 * The arguments of a call, exactly as the model wrote them.
 *
 * @throws ToolError for the model if they are not JSON or have a number that would be rounded.
 */
export function parseArguments(text: string): unknown {
  try {
    return parseExactJson(objectText(text) ?? text);
  } catch (error) {
    if (error instanceof InexactNumber) throw new ToolError(error.message);
    // The model no longer sees them: providers refuse a conversation with such arguments.
    throw new ToolError(`The arguments are not JSON. They begin with: ${text.slice(0, MAX_SHOWN_CHARS)}`);
  }
}
