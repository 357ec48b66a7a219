// The Anthropic SDK.
import Anthropic from '@anthropic-ai/sdk';
import { assert, hello, helloTokens, key, leave, parameters, pixel, root, sample, surface, throughGateway, thrownBy, walk } from './walk.mjs';

const client = new Anthropic({ baseURL: root.replace(/\/$/, ''), ...(surface === 'anthropic-x-api-key' ? { apiKey: key } : { authToken: key, apiKey: null }), maxRetries: 0 });
const bounded = { max_tokens: 1000 };
const say = content => ({ system: 'Be brief.', messages: [{ role: 'user', content }] });
const tool = name => ({ name, description: 'Looks it up.', input_schema: parameters });
const textOf = message => message.content.filter(block => block.type === 'text').map(block => block.text).join('');

await walk({
  async message(model) {
    const { data, response } = await client.messages.create({ model, ...bounded, ...say('Hello?') }).withResponse();
    assert.equal(textOf(data), hello(model));
    assert.equal(data.stop_reason, 'end_turn');
    assert.equal(data.usage.output_tokens, helloTokens);
    assert.ok(data.usage.input_tokens > 0);
    if (throughGateway) assert.equal(response.headers.get('request-id'), response.headers.get('x-stoa-trace-id'));
  },
  async bounded(model) {
    const answer = await client.messages.create({ model, max_tokens: 3, ...say('Hello?') });
    assert.equal(answer.stop_reason, 'max_tokens');
    assert.equal(answer.usage.output_tokens, 3);
  },
  async picture(model) {
    const content = [{ type: 'text', text: 'What is this?' }, { type: 'image', source: { type: 'base64', media_type: 'image/png', data: pixel } }];
    assert.equal(textOf(await client.messages.create({ model, ...bounded, messages: [{ role: 'user', content }] })), hello(model));
  },
  async stream(model) {
    const types = [];
    let pieces = 0;
    const stream = client.messages.stream({ model, ...bounded, ...say('Hello?') }).on('streamEvent', event => types.push(event.type)).on('text', () => pieces++);
    const final = await stream.finalMessage();
    assert.equal(textOf(final), hello(model));
    assert.equal(pieces, helloTokens);
    assert.equal(final.stop_reason, 'end_turn');
    assert.equal(final.usage.output_tokens, helloTokens);
    assert.ok(final.usage.input_tokens > 0);
    assert.equal(types[0], 'message_start');
    assert.equal(types.at(-1), 'message_stop');
  },
  async toolLoop(model) {
    const messages = say('How is the weather?').messages;
    const tools = [tool('get_weather')];
    const first = await client.messages.create({ model, ...bounded, messages, tools });
    const call = first.content.find(block => block.type === 'tool_use');
    assert.equal(first.stop_reason, 'tool_use');
    assert.equal(call.name, 'get_weather');
    assert.deepEqual(call.input, sample);
    messages.push({ role: 'assistant', content: first.content }, { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: '{"degrees":21}' }] });
    assert.match(textOf(await client.messages.create({ model, ...bounded, messages, tools })), /The tool said: .*21/);
  },
  async parallelToolsStreamed(model) {
    const final = await client.messages.stream({ model, ...bounded, ...say('Use each tool.'), tools: [tool('get_weather'), tool('get_tides')] }).finalMessage();
    const calls = final.content.filter(block => block.type === 'tool_use');
    assert.deepEqual(calls.map(call => call.name), ['get_weather', 'get_tides']);
    calls.forEach(call => assert.deepEqual(call.input, sample));
    assert.equal(final.stop_reason, 'tool_use');
  },
  async structured(model) {
    const answer = await client.messages.create({ model, ...bounded, ...say('How is it?'), output_config: { format: { type: 'json_schema', schema: parameters } } });
    assert.deepEqual(JSON.parse(textOf(answer)), sample);
  },
  async count(model) {
    const { data, response } = await client.messages.countTokens({ model, ...say('Hello?') }).withResponse();
    assert.ok(data.input_tokens > 0);
    if (throughGateway) assert.equal(response.headers.get('x-stoa-estimate'), model.startsWith('anthropic') ? null : 'true');
  },
  async abort(model) {
    const abort = new AbortController();
    const stream = await client.messages.create({ model, ...bounded, ...say('hang'), stream: true }, { signal: abort.signal });
    await leave(stream, abort, event => event.type === 'content_block_delta' ? event.delta.text : '');
  },
  ...(throughGateway ? {
    async unknownModel() {
      const error = await thrownBy(client.messages.create({ model: 'no-such-model', ...bounded, ...say('Hello?') }));
      assert.ok(error instanceof Anthropic.NotFoundError, String(error));
      assert.equal(error.error.error.type, 'not_found_error');
      assert.match(error.requestID, /^[0-9a-f]{32}$/);
    },
    async models(model) {
      const names = [];
      for await (const item of client.models.list()) names.push(item.id);
      assert.ok(names.includes(model));
      assert.equal((await client.models.retrieve(model)).type, 'model');
    },
  } : {}),
});
