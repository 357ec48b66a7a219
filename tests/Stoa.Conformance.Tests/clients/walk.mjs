// What every TypeScript client does against the gateway. Prints what it saw as one line of JSON; the test judges it.

export const [, , url, key, run, version] = process.argv;
export const headers = { Authorization: `Bearer ${key}` };

export async function walk(client, { negotiated, list, call }) {
  const outcome = { negotiated: negotiated(), server: client.getServerVersion().name, tools: await list() };

  const weather = await call({ name: 'get_weather', arguments: { city: 'Växjö' } });
  outcome.text = weather.content[0].text;
  outcome.structured = weather.structuredContent ?? null;

  const orders = await call({ name: 'find_orders', arguments: { region: ' Örebro län', limit: 3 } });
  outcome.mirrored = orders.content[0].text;

  outcome.invalid = await outcomeOf(call({ name: 'get_weather', arguments: { town: 'Växjö' } }));
  outcome.unknown = await outcomeOf(call({ name: 'no_such_tool', arguments: {} }));

  // However long the gateway takes to begin to tell of progress, the tool takes longer.
  outcome.progress = [];
  const held = { run: `${run} held` };
  let released;
  await call({ name: 'hold', arguments: held }, {
    onprogress: p => {
      outcome.progress.push(p.progress);
      released ??= call({ name: 'release', arguments: held });
    },
  });
  await released;

  // Progress tells that the call is under way.
  const abort = new AbortController();
  const hanging = call({ name: 'hang', arguments: { run } }, { signal: abort.signal, onprogress: () => abort.abort() });
  if (!(await outcomeOf(hanging)).thrown) throw new Error('The cancelled call came back.');

  // Closing at once would drop the notification that says so in older revisions.
  await call({ name: 'get_weather', arguments: { city: 'Växjö' } });

  await client.close();
  console.log(JSON.stringify(outcome));
}

async function outcomeOf(call) {
  try {
    const result = await call;
    return { thrown: false, isError: result.isError, text: result.content[0].text };
  } catch (error) {
    return { thrown: true, code: typeof error.code === 'number' ? error.code : null, text: error.message };
  }
}
