import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  IsArray,
  IsDefined,
  IsInt,
  IsNumber,
  IsObject,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { Optional } from './file.rules.js';
import { McpFile } from './mcp.file.js';

const ROLE = /^[a-z0-9_-]{1,64}$/;
/** Maximum turns of all agents of a run together. */
const MAX_TURNS = 50;
const MAX_MODEL = /^[\x21-\x7e]{1,256}$/;

const ROLES = { each: true, message: '$property must be a list of roles, such as [assistant]' } as const;

/** The limits of a file. */
export class LimitsFile {
  @Optional()
  @IsInt({ message: 'max_turns must be a whole number from 1 to 50' })
  @Min(1, { message: 'max_turns must be a whole number from 1 to 50' })
  @Max(MAX_TURNS, { message: 'max_turns must be a whole number from 1 to 50' })
  max_turns?: number;

  @Optional()
  @IsInt({ message: 'max_tokens must be a whole number from 1' })
  @Min(1, { message: 'max_tokens must be a whole number from 1' })
  max_tokens?: number;
}

/** The fields of a file with an agent. */
export class AgentFile {
  @IsDefined({ message: 'role is missing: add a line such as `role: support`' })
  @Matches(ROLE, { message: 'role must be 1–64 of a–z 0–9 _ -, such as `role: support`' })
  role: string;

  @IsDefined({ message: 'description is missing: add a sentence for callers, such as `description: Helps customers.`' })
  @IsString({ message: 'description must be text: a sentence for callers' })
  @Length(1, 1000, { message: 'description must have 1 to 1000 characters' })
  @Matches(/\S/, { message: 'description is empty: write a sentence for callers' })
  description: string;

  @IsDefined({ message: 'instructions are missing: add `instructions: |` and the text for the model below it' })
  @IsString({ message: 'instructions must be text: begin with `instructions: |`, and indent the lines below' })
  @Length(1, 100_000, { message: 'instructions must have 1 to 100000 characters' })
  @Matches(/\S/, { message: 'instructions are empty: write the text for the model' })
  instructions: string;

  @Optional()
  @Matches(MAX_MODEL, { message: 'model must be one word of at most 256 printable characters, such as gpt-4o' })
  model?: string;

  @Optional()
  @IsNumber({}, { message: 'temperature must be a number from 0 to 2' })
  @Min(0, { message: 'temperature must be a number from 0 to 2' })
  @Max(2, { message: 'temperature must be a number from 0 to 2' })
  temperature?: number;

  @Optional()
  @IsArray({ message: 'handoffs must be a list of roles, such as [assistant]' })
  @IsString(ROLES)
  handoffs?: string[];

  @Optional()
  @IsArray({ message: 'agents must be a list of roles, such as [assistant]' })
  @IsString(ROLES)
  agents?: string[];

  @Optional()
  @IsObject({ message: 'limits must be a map, such as {max_turns: 5}' })
  @ValidateNested({ message: 'limits must be a map, such as {max_turns: 5}' })
  @Type(() => LimitsFile)
  limits?: LimitsFile;

  @Optional()
  @IsObject({ message: 'output must be a JSON Schema of an object: begin with `type: object`' })
  output?: Readonly<Record<string, unknown>>;

  @Optional()
  @IsArray({ message: 'guardrails must be a list of classes, such as [NoSecrets]' })
  @IsString({ each: true, message: 'guardrails must be a list of classes, such as [NoSecrets]' })
  guardrails?: string[];

  @Optional()
  @IsArray({ message: 'mcp must be a list of servers, each with a name and a url' })
  @ValidateNested({ each: true, message: 'each server of mcp must be a map with a name and a url' })
  @Type(() => McpFile)
  mcp?: McpFile[];
}
