import OAuth2Server from '@node-oauth/oauth2-server';
import type {Seal} from '../seal.js';
import {failure, json} from './answers.js';
import {isSigned, parseMac} from './mac.js';
import type {PlanviewerSettings} from './options.js';
import {createServer, openToken} from './server.js';

const BAD_MAC = {error: 'invalid_token', error_description: 'The token or the signature of the request is not right.'};

/** `/resource`: Planviewer looks whether the token opens it, and does not use what it says. */
export const createResource = (settings: PlanviewerSettings, seal: Seal) => {
  const {now, replay, report} = settings;

  /** The id is of the visit and not of the visitor: Planviewer learns that somebody may see the maps, not who. */
  const opened = (grant: unknown): Response => json(200, {id: grant});

  const byMac = async (request: Request, authorization: string): Promise<Response> => {
    const header = parseMac(authorization);
    const token = header && (await openToken(seal, 'access', header.token));
    const claim = (id: string, seconds: number): Promise<boolean> => replay.claim(id, seconds);
    const isRight =
      header
      && token?.macKey !== undefined
      && (await isSigned({request, header, key: token.macKey, now: now(), claim}));
    return isRight ? opened(token.grant) : json(401, BAD_MAC, {'www-authenticate': 'MAC error="invalid_token"'});
  };

  const byBearer = async (request: Request, authorization: string | null): Promise<Response> => {
    const query = Object.fromEntries(new URL(request.url).searchParams);
    // The name of a scheme has no case (RFC 9110 §11.1), except for the library.
    const headers: Record<string, string> =
      authorization === null ? {} : {authorization: authorization.replace(/^bearer /iu, 'Bearer ')};
    const asked = new OAuth2Server.Request({headers, method: 'GET', query});
    const response = new OAuth2Server.Response({});
    try {
      const {user} = await createServer({settings, seal}).authenticate(asked, response);
      return opened(user['grant']);
    } catch (error) {
      const {status, body} = failure(error);
      if (status >= 500) report(error);
      const challenge: unknown = response.get('www-authenticate');
      return json(status, body, typeof challenge === 'string' ? {'www-authenticate': challenge} : {});
    }
  };

  return async (request: Request): Promise<Response> => {
    const authorization = request.headers.get('authorization');
    return authorization !== null && /^MAC /iu.test(authorization)
      ? byMac(request, authorization)
      : byBearer(request, authorization);
  };
};
