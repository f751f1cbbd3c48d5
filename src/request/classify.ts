import {retryAfter} from '../credentials/retry-after.js';
import type {Exchange} from './authorized-fetch.js';
import {redact} from './redact.js';
import {isRefusal} from './refusals.js';
import {RequestError, type RequestErrorKind} from './request-error.js';

const kindOf = ({response, route}: Exchange): RequestErrorKind => {
  // The server may well accept the credential, but the page's markup does not let it go there.
  if ((isRefusal(response) || response.status === 403) && route === 'outside') return 'origin';
  if (isRefusal(response)) return 'auth';
  if (response.status === 403) return 'forbidden';
  return 'network';
};

const words: Readonly<Record<RequestErrorKind, (where: string, status: number) => string>> = {
  auth: (where) => `${where} refused the credential.`,
  forbidden: (where) => `${where} does not allow this visitor to see it.`,
  origin: (where) => `${where} asks for a credential, but is not among the allowed origins.`,
  network: (where, status) => `${where} answered with status ${status}.`,
  cors: (where) => `${where} does not let this page read it.`,
  ogc: (where) => `${where} reported an error.`,
  format: (where) => `${where} sent something else than was asked for.`,
};

/** The error that an answer means for a layer; `undefined` when it is a good one. */
export const classify = (exchange: Exchange, url: string, now: number): RequestError | undefined => {
  const {response} = exchange;
  if (response.ok) return undefined;
  const kind = kindOf(exchange);
  return new RequestError(words[kind](redact(url), response.status), {
    kind,
    url,
    status: response.status,
    retryAfter: retryAfter(response, now),
  });
};
