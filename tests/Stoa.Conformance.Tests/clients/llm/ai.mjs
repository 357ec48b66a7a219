// The AI SDK over its own implementations of each wire: a second opinion on every shape.
import { createAnthropic } from '@ai-sdk/anthropic';
import { createAzure } from '@ai-sdk/azure';
import { createOpenAI } from '@ai-sdk/openai';
import { embedMany, generateText, Output, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';
import { assert, hello, helloTokens, key, leave, root, sample, speaksEmbeddings, surface, walk } from './walk.mjs';

const openai = createOpenAI({ baseURL: `${root}v1`, apiKey: key });
const azure = createAzure({ baseURL: `${root}openai/v1`, apiKey: key });
const anthropic = createAnthropic({ baseURL: `${root}v1`, apiKey: key });

// The plain call of a provider is the Responses API.
const pick = { 'ai-openai': openai, 'ai-openai-chat': openai.chat, 'ai-azure': azure, 'ai-azure-chat': azure.chat, 'ai-anthropic': anthropic }[surface];

// Of the call before, responses send references into OpenAI's own store unless told not to; nobody else has one.
const stateless = { openai: { store: false }, azure: { store: false } };
const ask = (model, prompt) => ({
  model: pick(model), system: 'Be brief.', prompt, maxRetries: 0, maxOutputTokens: 1000,
  providerOptions: model.startsWith('gemini') ? stateless : undefined,
});
const Weather = z.object({ city: z.string(), days: z.number().int() });

await walk({
  async text(model) {
    const answer = await generateText(ask(model, 'Hello?'));
    assert.equal(answer.text, hello(model));
    assert.equal(answer.finishReason, 'stop');
    assert.equal(answer.usage.outputTokens, helloTokens);
    assert.deepEqual(answer.warnings ?? [], []);
  },
  async stream(model) {
    const result = streamText({ ...ask(model, 'Hello?'), onError() {} });
    let text = '', pieces = 0;
    for await (const piece of result.textStream) {
      text += piece;
      pieces++;
    }
    assert.equal(text, hello(model));
    assert.equal(pieces, helloTokens);
    assert.equal((await result.usage).outputTokens, helloTokens);
    assert.equal(await result.finishReason, 'stop');
  },
  async toolLoop(model) {
    const asked = [];
    const get_weather = tool({ description: 'Looks it up.', inputSchema: Weather, execute: async given => { asked.push(given); return { degrees: 21 }; } });
    const answer = await generateText({ ...ask(model, 'How is the weather?'), tools: { get_weather }, stopWhen: stepCountIs(3) });
    assert.deepEqual(asked, [sample]);
    assert.match(answer.text, /The tool said: .*21/);
  },
  async parallelToolsStreamed(model) {
    const asked = [];
    const lookUp = tool({ description: 'Looks it up.', inputSchema: Weather, execute: async given => { asked.push(given); return { degrees: 21 }; } });
    const result = streamText({ ...ask(model, 'Use each tool.'), tools: { get_weather: lookUp, get_tides: lookUp }, stopWhen: stepCountIs(3), onError() {} });
    let text = '';
    for await (const piece of result.textStream) text += piece;
    assert.deepEqual(asked, [sample, sample]);
    assert.match(text, /The tool said: .*21.*21/);
  },
  async structured(model) {
    const answer = await generateText({ ...ask(model, 'How is it?'), output: Output.object({ schema: Weather }) });
    assert.deepEqual(answer.output, sample);
  },
  async abort(model) {
    const abort = new AbortController();
    const result = streamText({ ...ask(model, 'hang'), abortSignal: abort.signal, onError() {} });
    await leave(result.textStream, abort, piece => piece);
  },
  async embed(model) {
    if (!speaksEmbeddings(model) || surface === 'ai-anthropic') return;
    const embedding = surface.startsWith('ai-azure') ? azure.embedding(model) : openai.embedding(model);
    const { embeddings } = await embedMany({ model: embedding, values: ['one', 'two'], maxRetries: 0 });
    assert.deepEqual(embeddings, [[0.25, -0.5, 1], [0.25, -0.5, 1]]);
  },
});
