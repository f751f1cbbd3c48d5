import {expect, waitUntil} from '@open-wc/testing';
import {isSecureMapError} from '../../../src/credentials/errors.js';
import {CredentialSession} from '../../../src/credentials/session.js';
import {chooseSource} from '../../../src/sources/choose-source.js';
import {loginForm} from '../../../src/sources/login-form.js';
import {sources} from '../../../src/sources/registry.js';
import type {SourceFields, SourceSettings} from '../../../src/sources/source-kind.js';
import {everythingIn, expectError, rejection, thrown} from '../../doubles/rejection.js';
import {hanging, offline, ScriptedFetch} from '../../doubles/scripted-fetch.js';
import {TestEnvironment} from '../../doubles/test-environment.js';
import {CANARY, jwt} from '../../doubles/tokens.js';

const URL_OF_LOGIN = 'https://maps.test/api/login_check';
const form = {username: 'anna', password: `pass ${CANARY} ü`};

const setUp = (fields: SourceFields = {}, change: Partial<SourceSettings> = {}) => {
  const network = new ScriptedFetch(() => Response.json({token: 'opaque'}));
  const warnings: string[] = [];
  const environment = Object.assign(new TestEnvironment(network.fetch), {
    warn: (message: string) => void warnings.push(message),
  });
  const settings = {environment, pageUrl: 'https://site.test/', ...change};
  const source = loginForm.create({loginUrl: URL_OF_LOGIN, loginKind: 'json', ...fields}, settings);
  const session = new CredentialSession({source, environment});
  return {network, environment, warnings, source, session};
};

const rootOf = (): ShadowRoot | null | undefined => document.querySelector('[data-secure-map-login]')?.shadowRoot;

/** The parts of the dialog that is open. */
const dialog = () => {
  const root = rootOf();
  const get = <T extends Element>(selector: string): T => {
    const element = root?.querySelector<T>(selector);
    if (!element) throw new Error(`There is no ${selector}.`);
    return element;
  };
  return {
    window: get<HTMLDialogElement>('dialog'),
    username: get<HTMLInputElement>('#username'),
    password: get<HTMLInputElement>('#password'),
    alert: get<HTMLElement>('[role=alert]'),
    form: get<HTMLFormElement>('form'),
    cancel: get<HTMLButtonElement>('button[type=button]'),
  };
};

const opened = async () => {
  await waitUntil(() => rootOf()?.querySelector('dialog')?.open, 'the dialog opens');
  return dialog();
};

const type = (
  {username, password, form: element}: ReturnType<typeof dialog>,
  {username: name, password: word} = form,
) => {
  username.value = name;
  password.value = word;
  element.requestSubmit();
};

const status =
  (code: number): (() => Response) =>
  () =>
    new Response(CANARY, {status: code});

afterEach(() => expect(rootOf(), 'a dialog is left').to.equal(undefined));

describe('the login form as a source', () => {
  it('is not in the default registry, which says what is missing', () => {
    expect(Object.values(sources)).not.to.include(loginForm);
    const fields = {loginUrl: URL_OF_LOGIN, loginKind: 'json'};
    const error = expectError(
      thrown(() => chooseSource(fields, sources)),
      'invalid-attribute',
    );
    expect(error.message).to.contain('login-kind: needs secure-map/password.js');
    expect(chooseSource(fields, {...sources, loginForm})).to.equal(loginForm);
  });

  const wrong: readonly (readonly [string, SourceFields])[] = [
    ['login-kind', {loginKind: 'ldap'}],
    ['login-kind', {loginKind: 'toString'}],
    ['login-url', {loginUrl: undefined}],
    ['login-url', {loginUrl: 'http://maps.test/login'}],
    ['login-url', {loginUrl: `https://anna:${CANARY}@maps.test/`}],
  ];
  for (const [attribute, fields] of wrong) {
    it(`refuses a wrong ${attribute}: ${JSON.stringify(fields)}`, () => {
      const error = expectError(
        thrown(() => setUp(fields)),
        'invalid-attribute',
      );
      expect(error.message.startsWith(`${attribute}: `)).to.equal(true);
      expect(everythingIn(error)).not.to.contain(CANARY);
    });
  }

  it('warns the owner of the site', () => {
    const {warnings} = setUp();
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.contain('login-kind');
  });

  it('asks nothing without the visitor, and renews nothing', async () => {
    const {session, network} = setUp();
    expectError(await rejection(session.credential()), 'login-required');
    const refused = await session.login({mode: 'popup', form});
    expectError(await rejection(session.replace(refused)), 'session-over');
    expect(session.state).to.equal('expired');
    expect(network.requests).to.have.length(1);
  });

  it('ends by the clock of the token, and asks the visitor then', async () => {
    const {session, network, environment} = setUp();
    session.subscribe(() => undefined);
    network.step = () => Response.json({token: jwt({exp: environment.now() / 1000 + 60})});
    await session.login({mode: 'popup', form});
    await environment.pass(61_000);
    expect(session.state).to.equal('expired');
    expect(network.requests).to.have.length(1);
  });
});

describe('what is sent', () => {
  it('JSON, once, without cookies, and not on to anywhere else', async () => {
    const {session, network} = setUp();
    const {token, type: kind} = await session.login({mode: 'popup', form});
    const [request] = network.requests;
    expect([token, kind]).to.deep.equal(['opaque', 'Bearer']);
    expect(await request?.json()).to.deep.equal(form);
    expect([request?.method, request?.credentials, request?.redirect, request?.cache, request?.referrerPolicy]).to.eql([
      ...['POST', 'omit', 'error', 'no-store', 'no-referrer'],
    ]);
    expect(session.user).to.deep.equal({sub: 'anna', name: 'anna'});
  });

  it('HTTP Basic in UTF-8', async () => {
    const {session, network} = setUp({loginKind: 'basic'});
    network.step = () => Response.json({access_token: 'a', session: 's', username: 'Anna Berg', expires_in: 60});
    await session.login({mode: 'popup', form});
    const [request] = network.requests;
    const sent = atob((request?.headers.get('authorization') ?? '').replace('Basic ', ''));
    expect(new TextDecoder().decode(Uint8Array.from(sent, (letter) => letter.charCodeAt(0)))).to.equal(
      `${form.username}:${form.password}`,
    );
    expect([request?.method, request?.credentials, request?.headers.get('x-requested-with')]).to.eql([
      'GET',
      'omit',
      null,
    ]);
    expect(session.user?.['name']).to.equal('Anna Berg');
  });

  it('with cookies where those are what travels', async () => {
    const {session, network} = setUp({loginKind: 'basic'}, {byCookie: true});
    await session.login({mode: 'popup', form});
    expect(network.requests[0]?.credentials).to.equal('include');
    expect(network.requests[0]?.headers.get('x-requested-with')).to.equal('secure-map');
  });

  const troubles: readonly (readonly [string, ScriptedFetch['step'], string, string | undefined])[] = [
    ['401', status(401), 'login-refused', 'wrong-password'],
    ['403', status(403), 'login-refused', 'forbidden'],
    ['400', status(400), 'login-refused', 'http-400'],
    ['429', status(429), 'provider-unreachable', 'http-429'],
    ['500', status(500), 'provider-unreachable', 'http-500'],
    ['HTML', () => new Response(`<p>${CANARY}`), 'provider-invalid', 'not-json'],
    ['no token', () => Response.json({message: CANARY}), 'source-invalid', undefined],
    ['a MAC token', () => Response.json({token: CANARY, token_type: 'mac'}), 'source-invalid', undefined],
    ['no network or a redirect', offline, 'provider-unreachable', 'network'],
  ];
  for (const [what, step, code, reason] of troubles) {
    it(`asked by the page: ${what} is said, and tried no second time`, async () => {
      const {session, network} = setUp();
      network.step = step;
      const error = await rejection(session.login({mode: 'popup', form}));
      expect(isSecureMapError(error) && [error.code, error.reason]).to.deep.equal([code, reason]);
      expect(everythingIn(error)).not.to.contain(CANARY);
      expect(network.requests).to.have.length(1);
      expect(session.state).to.equal('anonymous');
    });
  }

  it('is given up after fifteen seconds, and at once by the signal', async () => {
    const {session, network, environment} = setUp();
    network.step = hanging;
    const timed = rejection(session.login({mode: 'popup', form}));
    await environment.pass(15_000);
    expect(expectError(await timed, 'provider-unreachable').reason).to.equal('timeout');
    const stop = new AbortController();
    const stopped = rejection(session.login({mode: 'popup', form, signal: stop.signal}));
    stop.abort();
    expectError(await stopped, 'login-cancelled');
    expect(environment.pending.timers).to.equal(0);
  });
});

describe('the form of our own', () => {
  it('is a dialog with names, and says where the password goes', async () => {
    const {session} = setUp();
    const login = rejection(session.login({mode: 'popup'}));
    const {window: shown, username, password, cancel} = await opened();
    await expect(shown).to.be.accessible();
    expect(shown.textContent).to.contain('maps.test');
    expect([username.autocomplete, password.autocomplete, password.type]).to.eql([
      ...['username', 'current-password', 'password'],
    ]);
    expect(rootOf()?.activeElement).to.equal(username);
    cancel.click();
    expectError(await login, 'login-cancelled');
  });

  it('signs in, and keeps nothing of the password', async () => {
    const {session} = setUp();
    const login = session.login({mode: 'popup'});
    const shown = await opened();
    type(shown);
    expect(shown.password.value).to.equal('');
    await login;
    expect(session.state).to.equal('authenticated');
    expect(document.documentElement.outerHTML).not.to.contain(CANARY);
  });

  it('says what is wrong, and lets the visitor try again', async () => {
    const {session, network} = setUp();
    network.step = (_, count) => (count === 1 ? status(401)() : count === 2 ? offline() : Response.json({token: 't'}));
    const login = session.login({mode: 'popup'});
    const shown = await opened();
    type(shown);
    await waitUntil(() => shown.alert.textContent?.includes('do not match'));
    expect(shown.username.value).to.equal('anna');
    expect(rootOf()?.activeElement).to.equal(shown.password);
    expect(shown.password.getAttribute('aria-describedby')).to.equal('error');
    type(shown);
    await waitUntil(() => shown.alert.textContent?.includes('does not answer'));
    expect(shown.form.inert).to.equal(false);
    type(shown);
    expect((await login).token).to.equal('t');
    expect(network.requests).to.have.length(3);
  });

  it('is closed by what only the owner of the site can mend', async () => {
    const {session, network} = setUp();
    network.step = () => new Response('<p>');
    const login = rejection(session.login({mode: 'popup'}));
    type(await opened());
    expectError(await login, 'provider-invalid');
  });

  it('is closed by Escape, and by the caller', async () => {
    const {session} = setUp();
    const first = rejection(session.login({mode: 'popup'}));
    (await opened()).window.dispatchEvent(new Event('cancel', {cancelable: true}));
    expectError(await first, 'login-cancelled');

    const stop = new AbortController();
    const second = rejection(session.login({mode: 'popup', signal: stop.signal}));
    await opened();
    stop.abort();
    expectError(await second, 'login-cancelled');
  });
});
