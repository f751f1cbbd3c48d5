import {json as jsonAnswer} from '../answer.js';
import OAuth2Server from '@node-oauth/oauth2-server';

/** Beside what every answer of the broker has; `pragma` is asked for by RFC 6749 §5.1. */
const COMMON = {'cache-control': 'no-store', pragma: 'no-cache', 'referrer-policy': 'no-referrer'} as const;

export const json = (status: number, body: object, headers: Readonly<Record<string, string>> = {}): Response =>
  jsonAnswer(status, body, {...COMMON, ...headers});

/** Sends the visitor back to the client (RFC 6749 §4.1.2), whose address may have a query of its own. */
export const sendBack = (redirectUri: string, fields: Readonly<Record<string, string | undefined>>): Response => {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) url.searchParams.set(name, value);
  return new Response(null, {status: 302, headers: {...COMMON, location: url.href}});
};

/** What the library says is wrong, and nothing of what went wrong in here. */
export const failure = (error: unknown): {status: number; body: {error: string; error_description: string}} => {
  if (!(error instanceof OAuth2Server.OAuthError) || error.code >= 500) {
    return {status: 500, body: {error: 'server_error', error_description: 'The request could not be handled.'}};
  }
  return {status: error.code, body: {error: error.name, error_description: error.message}};
};
