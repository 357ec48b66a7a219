// The OpenAI SDK: chat completions, responses, and Azure's class for both.
import OpenAI, { AzureOpenAI } from 'openai';
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { assert, hello, helloTokens, key, leave, parameters, pixel, root, sample, speaksEmbeddings, surface, throughGateway, thrownBy, walk } from './walk.mjs';

const clientFor = apiKey => surface.startsWith('azure')
  ? new AzureOpenAI({ endpoint: root, apiKey, apiVersion: '2025-04-01-preview', maxRetries: 0 })
  : new OpenAI({ baseURL: `${root}v1`, apiKey, maxRetries: 0 });
const client = clientFor(key);

const say = content => [{ role: 'system', content: 'Be brief.' }, { role: 'user', content }];
const tool = name => ({ type: 'function', function: { name, description: 'Looks it up.', parameters, strict: true } });
const Weather = z.object({ city: z.string(), days: z.number().int() });

const chat = {
  async chat(model) {
    const { data, response } = await client.chat.completions.create({ model, messages: say('Hello?') }).withResponse();
    assert.equal(data.choices[0].message.content, hello(model));
    assert.equal(data.choices[0].finish_reason, 'stop');
    assert.equal(data.usage.completion_tokens, helloTokens);
    assert.equal(data.usage.total_tokens, data.usage.prompt_tokens + helloTokens);
    if (throughGateway) {
      assert.equal(response.headers.get('x-stoa-llm-model'), model);
      assert.equal(response.headers.get('x-stoa-attempts'), '1');
      assert.equal(data._request_id, response.headers.get('x-stoa-trace-id'));
    }
  },
  async bounded(model) {
    const answer = await client.chat.completions.create({ model, messages: say('Hello?'), max_completion_tokens: 3 });
    assert.equal(answer.choices[0].finish_reason, 'length');
    assert.equal(answer.usage.completion_tokens, 3);
  },
  async picture(model) {
    const content = [{ type: 'text', text: 'What is this?' }, { type: 'image_url', image_url: { url: `data:image/png;base64,${pixel}` } }];
    const answer = await client.chat.completions.create({ model, messages: [{ role: 'user', content }] });
    assert.equal(answer.choices[0].message.content, hello(model));
  },
  async stream(model) {
    let text = '', finish, usage, pieces = 0;
    for await (const chunk of await client.chat.completions.create({ model, messages: say('Hello?'), stream: true, stream_options: { include_usage: true } })) {
      text += chunk.choices[0]?.delta?.content ?? '';
      pieces += chunk.choices[0]?.delta?.content ? 1 : 0;
      finish = chunk.choices[0]?.finish_reason ?? finish;
      usage = chunk.usage ?? usage;
    }
    assert.equal(text, hello(model));
    assert.equal(pieces, helloTokens);
    assert.equal(finish, 'stop');
    assert.equal(usage.completion_tokens, helloTokens);
  },
  async streamWithoutUsage(model) {
    let text = '';
    for await (const chunk of await client.chat.completions.create({ model, messages: say('Hello?'), stream: true })) {
      // Mistral sends usage unasked.
      assert.ok(!chunk.usage || model.startsWith('mistral'));
      assert.ok(chunk.choices.length === 1 || model.startsWith('azure'));
      text += chunk.choices[0]?.delta?.content ?? '';
    }
    assert.equal(text, hello(model));
  },
  async toolLoop(model) {
    const messages = say('How is the weather?');
    const tools = [tool('get_weather')];
    const first = await client.chat.completions.create({ model, messages, tools });
    const [call] = first.choices[0].message.tool_calls;
    assert.equal(first.choices[0].finish_reason, 'tool_calls');
    assert.equal(call.function.name, 'get_weather');
    assert.deepEqual(JSON.parse(call.function.arguments), sample);
    messages.push(first.choices[0].message, { role: 'tool', tool_call_id: call.id, content: '{"degrees":21}' });
    const last = await client.chat.completions.create({ model, messages, tools });
    assert.match(last.choices[0].message.content, /The tool said: .*21/);
  },
  async parallelToolsStreamed(model) {
    const stream = client.chat.completions.stream({ model, messages: say('Use each tool.'), tools: [tool('get_weather'), tool('get_tides')] });
    const { choices: [{ message, finish_reason }] } = await stream.finalChatCompletion();
    assert.equal(finish_reason, 'tool_calls');
    assert.deepEqual(message.tool_calls.map(call => call.function.name), ['get_weather', 'get_tides']);
    message.tool_calls.forEach(call => assert.deepEqual(JSON.parse(call.function.arguments), sample));
    assert.equal(new Set(message.tool_calls.map(call => call.id)).size, 2);
  },
  async structured(model) {
    const answer = await client.chat.completions.parse({ model, messages: say('How is it?'), response_format: zodResponseFormat(Weather, 'weather') });
    assert.deepEqual(answer.choices[0].message.parsed, sample);
  },
  async abort(model) {
    const abort = new AbortController();
    const stream = await client.chat.completions.create({ model, messages: say('hang'), stream: true }, { signal: abort.signal });
    await leave(stream, abort, chunk => chunk.choices[0]?.delta?.content);
  },
};

const responses = {
  async respond(model) {
    const answer = await client.responses.create({ model, instructions: 'Be brief.', input: 'Hello?' });
    assert.equal(answer.output_text, hello(model));
    assert.equal(answer.status, 'completed');
    assert.equal(answer.usage.output_tokens, helloTokens);
  },
  async bounded(model) {
    const answer = await client.responses.create({ model, input: 'Hello?', max_output_tokens: 3 });
    assert.equal(answer.status, 'incomplete');
    assert.equal(answer.incomplete_details.reason, 'max_output_tokens');
  },
  async stream(model) {
    let text = '', last, sequence = -1;
    for await (const event of await client.responses.create({ model, input: 'Hello?', stream: true })) {
      assert.ok(event.sequence_number > sequence, `${event.type} has number ${event.sequence_number} after ${sequence}`);
      sequence = event.sequence_number;
      text += event.type === 'response.output_text.delta' ? event.delta : '';
      last = event;
    }
    assert.equal(text, hello(model));
    assert.equal(last.type, 'response.completed');
    assert.equal(last.response.usage.output_tokens, helloTokens);
  },
  async streamHelper(model) {
    const final = await client.responses.stream({ model, input: 'Hello?' }).finalResponse();
    assert.equal(final.output_text, hello(model));
  },
  async toolLoop(model) {
    const tools = [{ type: 'function', name: 'get_weather', description: 'Looks it up.', parameters, strict: true }];
    const input = [{ role: 'user', content: 'How is the weather?' }];
    const first = await client.responses.create({ model, input, tools });
    const call = first.output.find(item => item.type === 'function_call');
    assert.equal(call.name, 'get_weather');
    assert.deepEqual(JSON.parse(call.arguments), sample);
    const last = await client.responses.create({ model, tools, input: [...input, ...first.output, { type: 'function_call_output', call_id: call.call_id, output: '{"degrees":21}' }] });
    assert.match(last.output_text, /The tool said: .*21/);
  },
  async structured(model) {
    const answer = await client.responses.parse({ model, input: 'How is it?', text: { format: zodTextFormat(Weather, 'weather') } });
    assert.deepEqual(answer.output_parsed, sample);
  },
  async abort(model) {
    const abort = new AbortController();
    const stream = await client.responses.create({ model, input: 'hang', stream: true }, { signal: abort.signal });
    await leave(stream, abort, event => event.type === 'response.output_text.delta' ? event.delta : '');
  },
};

const embeddings = {
  // Asks for base64 and decodes it, unless told otherwise.
  async embed(model) {
    if (!speaksEmbeddings(model)) return;
    const answer = await client.embeddings.create({ model, input: ['one', 'two'] });
    assert.deepEqual(answer.data.map(item => item.embedding), [[0.25, -0.5, 1], [0.25, -0.5, 1]]);
    assert.ok(answer.usage.prompt_tokens > 0);
    const numbers = await client.embeddings.create({ model, input: 'one', encoding_format: 'float' });
    assert.deepEqual(numbers.data[0].embedding, [0.25, -0.5, 1]);
  },
};

const errors = {
  async unknownModel() {
    const error = await thrownBy(client.chat.completions.create({ model: 'no-such-model', messages: say('Hello?') }));
    assert.ok(error instanceof OpenAI.NotFoundError, String(error));
    assert.equal(error.code, 'model_not_found');
    assert.equal(error.type, 'invalid_request_error');
    assert.match(error.requestID, /^[0-9a-f]{32}$/);
  },
  async wrongKey(model) {
    const error = await thrownBy(clientFor('stoa_sk_wrong').chat.completions.create({ model, messages: say('Hello?') }));
    assert.ok(error instanceof OpenAI.AuthenticationError, String(error));
    assert.equal(error.code, 'invalid_api_key');
  },
};

const listing = {
  async models(model) {
    const names = [];
    for await (const item of client.models.list()) names.push(item.id);
    assert.ok(names.includes(model));
    assert.equal((await client.models.retrieve(model)).id, model);
  },
};

await walk({
  'openai-chat': { ...chat, ...embeddings, ...(throughGateway ? { ...errors, ...listing } : {}) },
  'openai-responses': responses,
  'azure-chat': { ...chat, ...embeddings, ...(throughGateway ? errors : {}) },
  'azure-responses': responses,
}[surface]);
