// What every SDK is made to do, model by model. Prints how many scenarios ran and what was wrong as one line of JSON.
// Usage: <sdk>.mjs <surface> <root url> <key> <direct|gateway> <model>...
import assert from 'node:assert/strict';

export const [, , surface, root, key, place, ...models] = process.argv;
export const throughGateway = place === 'gateway';
export { assert };

const Patience = 60_000;

// What the scripted model says when nothing else is asked of it, and in how many tokens.
export const hello = model => `Hello from ${model}: all is well.`;
export const helloTokens = 8;

export const parameters = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer' } },
  required: ['city', 'days'],
  additionalProperties: false,
};
export const sample = { city: 'Malmö', days: 21 };
export const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

export const speaksEmbeddings = model => !model.startsWith('anthropic');

export async function walk(scenarios) {
  const failures = [];
  let ran = 0;
  for (const model of models) {
    for (const [name, run] of Object.entries(scenarios)) {
      ran++;
      try {
        await within(Patience, run(model));
      } catch (error) {
        failures.push(`${surface} ${model} ${name}: ${describe(error)}`);
      }
    }
  }
  console.log(JSON.stringify({ ran, failures }));
  process.exit(0);
}

export async function thrownBy(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
}

// Reads the stream until the model has fallen silent, then leaves.
export async function leave(stream, abort, textOf) {
  let text = '';
  try {
    for await (const event of stream) {
      text += textOf(event) ?? '';
      if (text.length >= 6) abort.abort();
    }
  } catch (error) {
    assert.ok(abort.signal.aborted, describe(error));
  }
  assert.equal(text, 'one two');
  assert.ok(abort.signal.aborted, 'The stream ended by itself.');
}

function within(ms, promise) {
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`No end within ${ms} ms.`)), ms); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function describe(error) {
  const body = error?.error ?? error?.body ?? error?.responseBody ?? '';
  return `${error?.name} ${error?.message} ${typeof body === 'string' ? body : JSON.stringify(body)}`.replaceAll(/\s+/g, ' ').slice(0, 600);
}
