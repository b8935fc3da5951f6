import { createHash } from 'node:crypto';

/** The answer of the service to `GET /`. */
export interface ServiceDescription {
  readonly name: string;
  /** Left out if the documentation is not public. */
  readonly version?: string;
  /** Paths of this service, by their purpose. */
  readonly links: Readonly<Record<string, string>>;
}

const TITLES: Readonly<Record<string, string>> = {
  docs: 'Documentation: read about each operation, and try it',
  openapi: 'OpenAPI document, for programs',
  health: 'Health check',
};

const STYLE =
  ':root{color-scheme:light dark;font:1rem/1.6 system-ui,sans-serif}' +
  'body{max-width:40rem;margin:4rem auto;padding:0 1rem}';

/** Allows only the style of the page and its empty icon. */
export const ROOT_PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page without scripts that a browser shows under `/`. Its parts come from the service, so none is escaped. */
export function rootPage({ name, version, links }: ServiceDescription): string {
  const items = Object.entries(links).map(([key, path]) => `<li><a href="${path}">${TITLES[key] ?? key}</a></li>`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
<h1>${name}</h1>
<p>This service runs AI agents over REST.${version === undefined ? '' : ` Version ${version}.`}</p>
<ul>
${items.join('\n')}
</ul>
</html>
`;
}
