import type {IncomingHttpHeaders, IncomingMessage, ServerResponse} from 'node:http';
import {setTimeout as delay} from 'node:timers/promises';
import type {Fault} from './fault.js';

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface Exchange {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** Aborted when the client closes before the answer. */
  readonly signal: AbortSignal;
}

export function openExchange(request: IncomingMessage, response: ServerResponse, origin: string): Exchange {
  const closed = new AbortController();
  response.on('close', () => {
    if (!response.writableEnded) closed.abort();
  });
  return {
    method: request.method ?? 'GET',
    url: new URL(request.url ?? '/', origin),
    headers: request.headers,
    signal: closed.signal,
  };
}

/** Waits, but not for a client that has gone. False when it has. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  if (milliseconds > 0) await delay(milliseconds, undefined, {signal}).catch(() => undefined);
  return !signal.aborted;
}

/** Resolves when the client has gone. */
export function untilClosed(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), {once: true});
  });
}

export function sendReply(response: ServerResponse, reply: Reply): void {
  prepare(response, reply);
  response.end(reply.body);
}

/** Announces the whole body, sends the first half of it and drops the connection. */
export function sendCut(response: ServerResponse, reply: Reply): void {
  const body = Buffer.from(reply.body ?? '');
  prepare(response, {...reply, body});
  response.write(body.subarray(0, body.length / 2), () => response.destroy());
}

/** What a fault makes of the true answer. */
export function applyFault(reply: Reply, fault: Fault): Reply {
  const replaced = fault.status !== undefined || fault.body !== undefined;
  const headers = Object.entries({...reply.headers, ...fault.headers}).filter(
    ([name]) => fault.cors !== false || !name.toLowerCase().startsWith('access-control-'),
  );
  const body = replaced ? fault.body : reply.body;
  return {
    status: fault.status ?? reply.status,
    headers: Object.fromEntries(headers),
    ...(body === undefined ? {} : {body}),
  };
}

/** Not by `writeHead`: headers that are only set can still be changed by whoever sends them. */
function prepare(response: ServerResponse, {status, headers = {}, body = ''}: Reply): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  // A 204 has no body and must not announce one.
  if (status !== 204) response.setHeader('content-length', Buffer.byteLength(body));
}
