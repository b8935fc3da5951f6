import { Test, type TestingModule } from '@nestjs/testing';
import { until } from '../../../test/support/until.js';
import { HOST_PRINCIPAL } from '../../auth/principal.js';
import {
  Agent,
  AgentError,
  AgentModule,
  AgentRunnerService,
  Database,
  type ModelCall,
  type ModelRequest,
} from '../../index.js';
import { ScriptedModel } from '../../testing/index.js';
import { createMigratedFile, type TestFile } from '../../testing/test.database.js';
import { BodyFields } from '../request/body.fields.js';
import { readItems, readResponseRequest } from './responses.reader.js';
import { ResponsesRepository } from './responses.repository.js';
import { ResponsesService } from './responses.service.js';

const { jest } = import.meta;

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

/** Answers only when its run ends. */
class EndlessModel extends ScriptedModel {
  override async reply(request: ModelRequest, call: ModelCall) {
    const ended = Promise.withResolvers<never>();
    call.signal.addEventListener('abort', () => ended.reject(call.signal.reason), { once: true });
    await super.reply(request, call);
    return await ended.promise;
  }
}

let file: TestFile;
let module: TestingModule;
let responses: ResponsesService;

beforeEach(async () => {
  file = await createMigratedFile('responses');
  const { databaseUrl } = file;
  module = await Test.createTestingModule({
    imports: [AgentModule.forRoot({ databaseUrl, model: new EndlessModel('a', 'b'), openai: true })],
    providers: [AssistantAgent],
  }).compile();
  module.useLogger(false);
  await module.init();
  responses = module.get(ResponsesService, { strict: false });
  const repository = module.get(ResponsesRepository, { strict: false });
  jest.spyOn(repository, 'add').mockRejectedValueOnce(new AgentError('storage_unavailable'));
});

afterEach(async () => {
  await module.close();
  await file.drop();
});

function requestOf(fields: object) {
  const body = BodyFields.ofBody({ model: 'assistant', input: 'Hello', ...fields });
  return readResponseRequest(body, readItems(body));
}

const caller = { principal: HOST_PRINCIPAL, requestId: 'r' };
const runs = () =>
  module.get(Database, { strict: false }).query.selectFrom('runs').select(['status', 'run_id']).execute();

it.each([
  ['an answer', {}],
  ['a stream', { stream: true }],
  ['the background', { background: true }],
])('cancels the run of a response that cannot be stored: %s', async (_, fields) => {
  const request = requestOf(fields);
  const started = request.isStream ? responses.stream(request, caller) : responses.create(request, caller);
  await expect(started).rejects.toMatchObject({ code: 'storage_unavailable' });
  await until('the run is cancelled', async () => (await runs()).every(({ status }) => status === 'cancelled'));
  expect(await runs()).toHaveLength(1);
});

it('leaves the run to a repeat with its key', async () => {
  const keyed = { ...caller, idempotencyKey: 'k' };
  const request = requestOf({ stream: true });
  await expect(responses.stream(request, keyed)).rejects.toMatchObject({ code: 'storage_unavailable' });
  const { isReplayed, fold } = await responses.stream(request, keyed);
  const [run] = await runs();
  expect([isReplayed, fold.response.id]).toEqual([true, `resp_${run?.run_id}`]);
  expect(run?.status).toBe('running');
  await module.get(AgentRunnerService).cancel(run?.run_id ?? '', HOST_PRINCIPAL);
});
