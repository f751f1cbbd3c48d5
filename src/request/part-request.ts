import {credentialed, type AuthorizedFetch, type Exchange} from './authorized-fetch.js';
import {classify} from './classify.js';
import type {KnownResponse} from './known-response.js';
import {RequestError} from './request-error.js';
import type {Request as PartRequest, RequestOptions} from './request.js';
import {toldByService} from './told-by-service.js';

export interface PartRequestOptions {
  readonly authorizedFetch: AuthorizedFetch;
  readonly now: () => number;
  /** The layer's own `credential`: `none`, or the id of an identity. */
  readonly credential?: string | undefined;
  readonly layerId?: string | undefined;
}

const toRequest = (url: string, init: RequestInit): Request => {
  try {
    return new Request(url, init);
  } catch {
    // Without the cause, whose message spells the URL out, with its query and with the password in it.
    throw new RequestError('The address, method or headers of the request are not allowed.', {
      kind: 'network',
      reason: 'invalid-request',
      url,
    });
  }
};

const known = ({response, route}: Exchange): KnownResponse =>
  route === 'credentialed' ? Object.assign(response, {isTrusted: true}) : response;

/** The authorized fetch as a layer or the config loader sees it: a good answer, or an error that says why not. */
export const createPartRequest =
  ({authorizedFetch, now, credential, layerId}: PartRequestOptions): PartRequest =>
  async (url, {method = 'GET', headers = {}, body, signal, isRefused}: RequestOptions = {}) => {
    const request = toRequest(url, {...credentialed, method, headers, body: body ?? null, signal: signal ?? null});
    const options = {credential, layerId, isRefused, isOwn: true, whileSignedOut: 'fail'} as const;
    const exchange = await authorizedFetch(request, options);
    const error = classify(exchange, url, now());
    if (!error) return known(exchange);
    // A server that is in trouble, busy or that refuses says nothing that a service means.
    const isReport = error.kind === 'network' && exchange.response.status < 500 && exchange.response.status !== 429;
    if (isReport) throw await toldByService(error, exchange.response);
    await exchange.response.body?.cancel();
    throw error;
  };
