// The return page of a sign-in. Holds no part of the map, so that nothing but these lines runs while the address holds
// the provider's answer (RFC 9700 §4.2.4). Names of records and messages: src/sources/oidc/record.ts and message.ts.
(() => {
  const LIFETIME = 15 * 60_000;

  /** The popup of a sign-in to a cookie session: its back end sends no answer, only the visitor. */
  const sessionState = () => {
    try {
      const prefix = 'secure-map.popup.';
      const key = Object.keys(sessionStorage).find((name) => name.startsWith(`${prefix}session-`));
      if (key === undefined) return undefined;
      sessionStorage.removeItem(key);
      return key.slice(prefix.length);
    } catch {
      return undefined;
    }
  };

  const search = location.search;
  history.replaceState(null, '', location.pathname);

  const params = new URLSearchParams(search);
  const isAnswer = params.has('code') || params.has('error');
  // RFC 6749 §3.1: a parameter must not be there twice.
  const state = params.getAll('state').length === 1 ? params.get('state') : null;

  /** The record of a sign-in by redirect that began in this tab. Used once, whatever is in it. */
  const takeRecord = () => {
    try {
      const key = `secure-map.redirect.${state}`;
      const record = JSON.parse(sessionStorage.getItem(key));
      sessionStorage.removeItem(key);
      return record && Date.now() - record.at < LIFETIME ? record : undefined;
    } catch {
      return undefined;
    }
  };

  /** An address of this origin, or nothing: the answer must not be a way to somewhere else (RFC 9700 §4.11). */
  const toOwnAddress = (path) => {
    if (typeof path !== 'string' || !/^\/(?![/\\])/.test(path)) return undefined;
    try {
      const url = new URL(path, location.origin);
      return url.origin === location.origin ? url.href : undefined;
    } catch {
      return undefined;
    }
  };

  const goBack = (path) => {
    const address = toOwnAddress(path);
    if (address === undefined) return;
    try {
      const answer = {v: 1, params: params.toString(), at: Date.now()};
      sessionStorage.setItem(`secure-map.answer.${state}`, JSON.stringify(answer));
    } catch {
      // A full storage: the visitor comes back and is not signed in.
    }
    location.replace(address);
  };

  const tellOpener = (state, text) => {
    const message = {source: 'secure-map', v: 1, params: text};
    if (opener) opener.postMessage(message, location.origin);
    if (state) {
      // A provider that sends Cross-Origin-Opener-Policy cuts the tie to the opener; this way stays.
      const channel = new BroadcastChannel(`secure-map.callback.${state}`);
      channel.postMessage(message);
      channel.close();
    }
    close();
  };

  const session = isAnswer ? undefined : sessionState();
  const record = isAnswer && state ? takeRecord() : undefined;
  if (record) goBack(record.path);
  else if (isAnswer) tellOpener(state, params.toString());
  else if (session) tellOpener(session, `state=${session}`);
  // Back from signing out: nothing to tell.
  else if (opener) close();
})();
