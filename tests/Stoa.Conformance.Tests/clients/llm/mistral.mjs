// The Mistral SDK, which validates every answer against its own schema.
import { Mistral } from '@mistralai/mistralai';
import { assert, hello, helloTokens, key, parameters, root, sample, speaksEmbeddings, walk } from './walk.mjs';

const client = new Mistral({ serverURL: root.replace(/\/$/, ''), apiKey: key });
const say = content => [{ role: 'system', content: 'Be brief.' }, { role: 'user', content }];

await walk({
  async chat(model) {
    const answer = await client.chat.complete({ model, messages: say('Hello?') });
    assert.equal(answer.choices[0].message.content, hello(model));
    assert.equal(answer.usage.completionTokens, helloTokens);
  },
  async stream(model) {
    let text = '';
    for await (const { data } of await client.chat.stream({ model, messages: say('Hello?') })) text += data.choices[0]?.delta?.content ?? '';
    assert.equal(text, hello(model));
  },
  async toolLoop(model) {
    const messages = say('How is the weather?');
    const tools = [{ type: 'function', function: { name: 'get_weather', description: 'Looks it up.', parameters } }];
    const first = await client.chat.complete({ model, messages, tools });
    const [call] = first.choices[0].message.toolCalls;
    const given = call.function.arguments;
    assert.deepEqual(typeof given === 'string' ? JSON.parse(given) : given, sample);
    messages.push(first.choices[0].message, { role: 'tool', toolCallId: call.id, name: 'get_weather', content: '{"degrees":21}' });
    const last = await client.chat.complete({ model, messages, tools });
    assert.match(last.choices[0].message.content, /The tool said: .*21/);
  },
  async embed(model) {
    if (!speaksEmbeddings(model)) return;
    const answer = await client.embeddings.create({ model, inputs: ['one', 'two'] });
    assert.deepEqual(answer.data.map(item => item.embedding), [[0.25, -0.5, 1], [0.25, -0.5, 1]]);
  },
});
