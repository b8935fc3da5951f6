// The types of the client, made from the OpenAPI document.
import openapiTS, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';

const HEADING = '// Made from the OpenAPI document: `npm run contract` renews it.\n\n';

/** The text of that file. */
export async function clientTypesOf(document, file) {
  // A field with a default may be left out of a request.
  const types = astToString(await openapiTS(document, { defaultNonNullable: false }));
  return format(HEADING + types, { ...(await resolveConfig(file)), filepath: file });
}
