// What SDKs do by themselves when a call fails, as our headers tell them to. The test counts the requests that arrive.
// Usage: retry.mjs <openai|anthropic|ai> <root url> <key> <model> <prompt>
import OpenAI from 'openai';
import Anthropic from '@anthropic-ai/sdk';
import { createOpenAI } from '@ai-sdk/openai';
import { generateText } from 'ai';

const [, , sdk, root, key, model, prompt] = process.argv;
const messages = [{ role: 'user', content: prompt }];
const ask = {
  openai: () => new OpenAI({ baseURL: `${root}v1`, apiKey: key }).chat.completions.create({ model, messages }),
  anthropic: () => new Anthropic({ baseURL: root.replace(/\/$/, ''), authToken: key, apiKey: null }).messages.create({ model, max_tokens: 100, messages }),
  ai: () => generateText({ model: createOpenAI({ baseURL: `${root}v1`, apiKey: key })(model), prompt }),
}[sdk];

const started = performance.now();
let outcome;
try {
  await ask();
  outcome = { succeeded: true };
} catch (error) {
  outcome = { succeeded: false, status: error.status ?? error.statusCode ?? null, code: error.code ?? null };
}
console.log(JSON.stringify({ ...outcome, ms: performance.now() - started }));
