import OAuth2Server from '@node-oauth/oauth2-server';
import type {Seal} from '../seal.js';
import {failure, json, sendBack} from './answers.js';
import type {PlanviewerSettings} from './options.js';
import {parametersOf, type Parameters} from './parameters.js';
import {createServer} from './server.js';

/** The site answers the visitor itself, with its sign-in for example. */
class Answered extends Error {
  override name = 'Answered';
  readonly response: Response;

  constructor(response: Response) {
    super('The site has answered.');
    this.response = response;
  }
}

const queryOf = (request: Request): Parameters => {
  const {allowed: _allowed, ...query} = parametersOf(new URL(request.url).searchParams);
  // "Defaults to code" (Planviewer's documentation).
  return {response_type: 'code', ...query};
};

/** `/authorize` (RFC 6749 §4.1.1): lets the site say who the visitor is, and sends them back to Planviewer. */
export const createAuthorize = (settings: PlanviewerSettings, seal: Seal) => {
  const {authenticate, refreshTokenSeconds, report, now} = settings;

  return async (request: Request): Promise<Response> => {
    let failed = false;
    const response = new OAuth2Server.Response({});
    let query: Parameters = {};
    try {
      query = queryOf(request);
      if (query['redirect_uri'] === undefined) {
        throw new OAuth2Server.InvalidRequestError('Missing parameter: `redirect_uri`');
      }
      const asked = new OAuth2Server.Request({headers: {}, method: 'GET', query});
      const whoIsThere = async (): Promise<unknown> => {
        try {
          return await authenticate(request);
        } catch (error) {
          report(error);
          failed = true;
          return undefined;
        }
      };
      // Asked after the client and its address were found to be right.
      const handle = async (): Promise<object> => {
        const user = await whoIsThere();
        if (user instanceof Response) throw new Answered(user);
        if (user === undefined || user === null || user === false) asked.query = {...asked.query, allowed: 'false'};
        return {grant: crypto.randomUUID(), until: now() + refreshTokenSeconds * 1000};
      };
      const server = createServer({settings, seal});
      const {authorizationCode, redirectUri} = await server.authorize(asked, response, {authenticateHandler: {handle}});
      return sendBack(redirectUri, {code: authorizationCode, state: query['state']});
    } catch (error) {
      if (error instanceof Answered) return error.response;
      const {status, body} = failure(error);
      if (status >= 500) report(error);
      // The library has checked the address by the time that it wants to send anybody there.
      if (!response.get('location')) return json(status, body);
      return sendBack(query['redirect_uri'] ?? '', {
        ...(failed ? {error: 'server_error'} : body),
        state: query['state'],
      });
    }
  };
};
