import type {Plugin} from 'vite';

/** Methods of oidc-client-ts that send a visitor's password, each up to the method after it. */
const methods: readonly RegExp[] = [
  / {2}async exchangeCredentials\(\{[\s\S]*?\n {2}\}\n(?= {2}\S)/,
  / {2}async processResourceOwnerPasswordCredentials\(\{[\s\S]*?\n {2}\}\n(?= {2}\S)/,
];

/**
 * The password grant (RFC 9700 §2.4: must not be used) is in oidc-client-ts as methods that no bundler can see to be
 * dead. Nothing of ours calls them, and what is not there cannot be called. Stops the build when the library changes.
 */
export const withoutPasswordGrant = (): Plugin => ({
  name: 'without-password-grant',
  apply: 'build',
  transform: {
    filter: {id: /[\\/]oidc-client-ts\.js$/},
    handler(code) {
      if (!methods.every((method) => method.test(code))) this.error('oidc-client-ts has changed.');
      return {code: methods.reduce((rest, method) => rest.replace(method, ''), code), map: null};
    },
  },
});
