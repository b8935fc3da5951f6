import { mutatedBody, mutatedStream, type Mutation } from '../../../test/support/servers/answer.mutations.js';
import { BEHAVIOURS, type Behaviour } from '../../../test/support/servers/provider.behaviours.js';
import { outcomeOf, streamed, whole } from '../../../test/support/servers/provider.outcome.js';
import { Random } from '../../../test/support/random.js';
import { Upstream } from '../../../test/support/servers/upstream.js';
import { OpenAIChatModel } from './openai-chat.model.js';
import { OpenAIResponsesModel } from './openai-responses.model.js';
import { OpenAITransport } from './openai.transport.js';

const MUTATIONS = 5000;
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000);
const MODELS = { chat: OpenAIChatModel, responses: OpenAIResponsesModel };

const CASES = [
  ...BEHAVIOURS.filter(({ events }) => events).map((behaviour) => caseOf(behaviour, 'streamed')),
  ...BEHAVIOURS.filter(({ body }) => body).map((behaviour) => caseOf(behaviour, 'whole')),
];
const EACH = Math.ceil(MUTATIONS / CASES.length);

let upstream: Upstream;
let transport: OpenAITransport;

beforeAll(async () => {
  upstream = await Upstream.start();
  transport = new OpenAITransport({ baseUrl: `${upstream.url}/v1`, apiKey: 'k', connections: 20 });
});
afterAll(async () => {
  await transport.close();
  await upstream.close();
});

function caseOf(behaviour: Behaviour, mode: 'streamed' | 'whole') {
  const { api, what } = behaviour;
  return { behaviour, api, what, mode };
}

/** True if the outcome is honest: the meaning of the unchanged answer, or a failure. */
function isHonest(outcome: Behaviour['means'], { means }: Behaviour): boolean {
  return 'failsWith' in outcome || JSON.stringify(outcome) === JSON.stringify(means);
}

// The title has the seed. FUZZ_SEED repeats its mutations.
describe(`${EACH} mutations of each answer, with the seed ${SEED}`, () => {
  it.each(CASES)('have the same meaning or fail: $what, over $api, $mode', async ({ behaviour, mode }) => {
    const random = new Random(SEED);
    const [ask, mutate] = mode === 'whole' ? [whole, mutatedBody] : [streamed, mutatedStream];
    const dishonest: { readonly mutation: Mutation; readonly outcome: Behaviour['means'] }[] = [];
    let understood = 0;
    for (let count = 0; count < EACH; count++) {
      const mutation = mutate(behaviour, random);
      upstream.always({ does: 'send', texts: mutation.texts, ending: mutation.ending });
      const outcome = await outcomeOf(ask(new MODELS[behaviour.api](transport), {}, 0));
      upstream.clear();
      if (!isHonest(outcome, behaviour)) dishonest.push({ mutation, outcome });
      if (!('failsWith' in outcome)) understood += 1;
    }
    expect(dishonest).toEqual([]);
    // Only cut answers fail.
    if (!('failsWith' in behaviour.means)) expect(understood).toBeGreaterThan(EACH / 2);
  });
});
