import {expect} from '@open-wc/testing';
import type {AcquireReason} from '../../../src/credentials/credential.js';
import {SecureMapError} from '../../../src/credentials/errors.js';
import type {SessionEvent} from '../../../src/credentials/session-event.js';
import {createPartRequest} from '../../../src/request/part-request.js';
import {sources} from '../../../src/sources/registry.js';
import type {SourceFields} from '../../../src/sources/source-kind.js';
import {CredentialSession} from '../../../src/credentials/session.js';
import {createAuthorizedFetch} from '../../../src/request/authorized-fetch.js';
import {header} from '../../../src/request/transports/header.js';
import {everythingIn, rejection} from '../../doubles/rejection.js';
import {hanging, offline, ScriptedFetch} from '../../doubles/scripted-fetch.js';
import {START, TestEnvironment} from '../../doubles/test-environment.js';
import {CANARY, jwt} from '../../doubles/tokens.js';

const TILE = `https://tiles.example/1.png?key=${CANARY}#${CANARY}`;
const TOKEN_URL = `https://site.example/token?key=${CANARY}`;
const token = jwt({sub: CANARY, exp: START / 1000 + 300});

type Answer = ScriptedFetch['step'];
const status =
  (code: number): Answer =>
  () =>
    new Response(CANARY, {status: code});
const asGiven = (reason: AcquireReason): string => (reason === 'initial' ? token : `${CANARY}.2`);

/** Everything that the page gets to see, in one text. */
const told = async (fields: SourceFields, answer: Answer): Promise<{readonly text: string; readonly count: number}> => {
  const network = new ScriptedFetch(answer);
  const environment = new TestEnvironment(network.fetch);
  const kind = Object.values(sources).find(({selectedBy}) => selectedBy.some((field) => field in fields));
  if (!kind) throw new Error('No source.');
  const source = kind.create(fields, {environment, pageUrl: 'https://site.example/'});
  const session = new CredentialSession({source, environment});
  const events: SessionEvent[] = [];
  session.subscribe((event) => events.push(event));
  const blocked: string[] = [];
  const authorizedFetch = createAuthorizedFetch({
    environment,
    identities: () => [
      {
        session,
        scope: [{origin: 'https://tiles.example', path: '/'}],
        transport: header.create({now: () => environment.now(), warn: () => undefined}),
      },
    ],
    onBlocked: (...what) => blocked.push(what.join(' ')),
  });
  const request = createPartRequest({authorizedFetch, now: environment.now, layerId: 'pipes'});
  const errors: unknown[] = [];
  /** Late answers are waited for by the clock of the test. */
  const attempt = async (work: Promise<unknown>): Promise<void> => {
    let isDone = false;
    void work.catch((error: unknown) => errors.push(error)).finally(() => (isDone = true));
    while (!isDone) await environment.pass(10_000);
  };
  for (const url of [TILE, TILE, TILE.replace('tiles', 'evil')]) await attempt(request(url));
  await attempt(session.refresh());
  await attempt(session.login({mode: 'popup'}));
  await session.logout({everywhere: true, mode: 'popup'});
  await rejection(session.credential()).then((error) => errors.push(error));
  const said = events.map((event) => (event.type === 'error' ? everythingIn(event.error) : JSON.stringify(event)));
  return {text: [...errors.map(everythingIn), ...said, ...blocked].join('\n'), count: errors.length};
};

describe('the token', () => {
  const tiles: Readonly<Record<string, Answer>> = {
    'answers 401': status(401),
    'answers 403': status(403),
    'answers 500': status(500),
    'answers 503': status(503),
    'is offline': offline,
    'hides behind CORS': (request) => (request.mode === 'no-cors' ? new Response() : offline()),
  };
  for (const [what, answer] of Object.entries(tiles)) {
    it(`is told to nobody when a server ${what}`, async () => {
      const {text, count} = await told({getToken: ({reason}) => asGiven(reason)}, answer);
      expect(count).to.be.at.least(4);
      expect(text).to.contain('https://tiles.example/1.png').and.not.to.contain(CANARY);
      expect(text).not.to.contain(token.split('.')[1]);
    });
  }

  const tokenServices: Readonly<Record<string, Answer>> = {
    'answers 500': status(500),
    'answers 429': status(429),
    'answers 401': status(401),
    'answers what is no JSON': status(200),
    'answers a wrong type': () => Response.json({access_token: CANARY, token_type: 'mac'}),
    'answers a token with a line break': () => Response.json({token: `${CANARY}\n${CANARY}`}),
    'answers the refused token again': () => Response.json({token: CANARY}),
    'never answers': hanging,
    'is offline': offline,
  };
  for (const [what, answer] of Object.entries(tokenServices)) {
    it(`is told to nobody when a token service ${what}`, async () => {
      const {text, count} = await told({tokenUrl: TOKEN_URL}, (request, n) =>
        request.url === TOKEN_URL || request.url.startsWith(`${TOKEN_URL}&`)
          ? answer(request, n)
          : status(401)(request, n),
      );
      expect(count).to.be.at.least(4);
      expect(text).not.to.contain(CANARY);
    });
  }

  const functions: Readonly<Record<string, SourceFields['getToken']>> = {
    'gives a wrong token': () => `${CANARY} ${CANARY}`,
    'gives an object that is none': () => JSON.parse(`{"access_token": "${CANARY}"}`),
    'gives the refused token again': () => CANARY,
    'says that the session is over': () => {
      throw new SecureMapError('session-over', 'Over.');
    },
  };
  for (const [what, getToken] of Object.entries(functions)) {
    it(`is told to nobody when the page ${what}`, async () => {
      const {text, count} = await told({getToken}, status(401));
      expect(count).to.be.at.least(4);
      expect(text).not.to.contain(CANARY);
    });
  }

  it('is told to nobody when it was given by the page and is refused', async () => {
    const {text, count} = await told({token}, status(401));
    expect(count).to.be.at.least(4);
    expect(text).not.to.contain(CANARY);
    expect(text).not.to.contain(token.split('.')[1]);
  });
});
