// Generates the client's types from the OpenAPI document.
import openapiTS, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';

const HEADING = '// Made from the OpenAPI document: `npm run contract` renews it.\n\n';

/** Returns the text of the types file. */
export async function clientTypesOf(document, file) {
  // A request may omit a field that has a default.
  const types = astToString(await openapiTS(document, { defaultNonNullable: false }));
  return format(HEADING + types, { ...(await resolveConfig(file)), filepath: file });
}
