import 'reflect-metadata';
import { IsArray, IsBoolean, IsDefined, IsInt, IsString, Matches, Max, Min, ValidateBy } from 'class-validator';
import { Optional } from './file.rules.js';

/** Names that begin with these words could collide with the tools for other agents. */
const NAME = /^(?!(?:ask|transfer)(?:_|$))[A-Za-z0-9_-]{1,32}$/;
const DIGEST = /^sha256-[A-Za-z0-9+/]{43}=$/;
const HEADER = /^[\w!#$%&'*+.^`|~-]+$/;
const MAX_TIMEOUT_MS = 2 ** 31 - 1;
const TOOLS = { message: '$property must be a list of tools, such as [read_file]' } as const;
const TIMEOUT = { message: `timeout_ms must be a whole number from 1 to ${MAX_TIMEOUT_MS}` } as const;
const SWITCH = { message: '$property must be true or false' } as const;

/** The fields of an MCP server in a file. */
export class McpFile {
  @IsDefined({ message: 'the server has no name: add `name: files`, for example' })
  @Matches(NAME, { message: 'name must be 1–32 of A–Z a–z 0–9 _ -, and not begin with "ask" or "transfer"' })
  name: string;

  @Optional()
  @ValidateBy(
    { name: 'isMcpUrl', validator: { validate: isMcpUrl } },
    { message: 'url must be an http or https URL; credentials belong into headers' },
  )
  url?: string;

  @Optional()
  @IsMapOf((value, name) => HEADER.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value), {
    message: 'headers must be a map of names to texts, such as {authorization: "Bearer ${TOKEN}"}',
  })
  headers?: Readonly<Record<string, string>>;

  @Optional()
  @Matches(/\S/, { message: 'command must be the program to start, such as npx' })
  command?: string;

  @Optional()
  @IsArray({ message: 'args must be a list of texts' })
  @IsString({ each: true, message: 'args must be a list of texts; put numbers in quotes' })
  args?: string[];

  @Optional()
  @IsMapOf((_, name) => /^[^=\0]+$/.test(name), { message: 'env must be a map of names to texts' })
  env?: Readonly<Record<string, string>>;

  @Optional()
  @Matches(/\S/, { message: 'cwd must be a folder' })
  cwd?: string;

  @Optional()
  @IsArray(TOOLS)
  @IsString({ ...TOOLS, each: true })
  tools?: string[];

  @Optional()
  @IsArray(TOOLS)
  @IsString({ ...TOOLS, each: true })
  needs_approval?: string[];

  @Optional()
  @IsBoolean(SWITCH)
  trust_annotations?: boolean;

  @Optional()
  @IsMapOf((value) => DIGEST.test(value), {
    message: 'pin must be a map of tools to their digests, which begin with "sha256-"; the log has them',
  })
  pin?: Readonly<Record<string, string>>;

  @Optional()
  @IsBoolean(SWITCH)
  allow_changes?: boolean;

  @Optional()
  @IsInt(TIMEOUT)
  @Min(1, TIMEOUT)
  @Max(MAX_TIMEOUT_MS, TIMEOUT)
  timeout_ms?: number;
}

function isMcpUrl(value: unknown): boolean {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}

/** Validates a map of texts. */
function IsMapOf(isEntry: (value: string, name: string) => boolean, options: { message: string }): PropertyDecorator {
  const validate = (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(([name, each]) => typeof each === 'string' && isEntry(each, name));
  return ValidateBy({ name: 'isMapOf', validator: { validate } }, options);
}
