import type {IncomingHttpHeaders} from 'node:http';
import type {Exchange, Reply} from './exchange.js';

/** They are about the connection and not about the request. */
const HOP_BY_HOP = new Set(['connection', 'host', 'keep-alive', 'transfer-encoding', 'content-length']);

/** What came to a server of this demo, for what speaks the Fetch API. */
export function toRequest({method, url, headers, signal}: Exchange, body: string): Request {
  const hasBody = method !== 'GET' && method !== 'HEAD' && body !== '';
  return new Request(url, {method, headers: toHeaders(headers), signal, ...(hasBody ? {body} : {})});
}

export async function toReply(response: Response): Promise<Reply> {
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: new Uint8Array(await response.arrayBuffer()),
  };
}

function toHeaders(headers: IncomingHttpHeaders): Headers {
  const result = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (HOP_BY_HOP.has(name) || value === undefined) continue;
    for (const each of Array.isArray(value) ? value : [value]) result.append(name, each);
  }
  return result;
}
