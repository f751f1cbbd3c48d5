import {Agent, get} from 'node:http';

/** Asks for one tile; milliseconds until its last byte. */
const ask = (url: string, agent: Agent): Promise<number> =>
  new Promise((resolve, reject) => {
    const begin = performance.now();
    get(url, {agent}, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url} answers ${response.statusCode}.`));
      response.on('data', () => undefined);
      response.on('error', reject);
      response.on('end', () => resolve(performance.now() - begin));
    }).on('error', reject);
  });

/** Tiles in turn over so many connections, one at a time on each; the time of every one of them. */
export const load = async (origin: string, count: number, connections: number): Promise<number[]> => {
  const agent = new Agent({keepAlive: true, maxSockets: connections});
  const times: number[] = [];
  let next = 0;
  const visitor = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      times.push(await ask(`${origin}/tiles/${next}.png`, agent));
    }
  };
  await Promise.all(Array.from({length: connections}, visitor));
  agent.destroy();
  return times;
};
