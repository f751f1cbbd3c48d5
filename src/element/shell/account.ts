import {html, nothing, type TemplateResult} from 'lit';
import type {UserClaims} from '../../credentials/credential.js';
import type {AuthState} from '../../credentials/state.js';
import type {Words} from '../words/words.js';

export interface AccountProps {
  readonly state: AuthState;
  readonly user: UserClaims | undefined;
  readonly canSignIn: boolean;
  readonly onSignIn: () => void;
  readonly onSignOut: () => void;
}

const nameOf = (user: UserClaims | undefined): string | undefined =>
  ['name', 'preferred_username', 'email']
    .map((claim) => user?.[claim])
    .find((value): value is string => typeof value === 'string' && value !== '');

export const accountControl = (words: Words, props: AccountProps): TemplateResult | typeof nothing => {
  const {state, user, canSignIn, onSignIn, onSignOut} = props;
  const isSignedIn = state === 'authenticated' || state === 'refreshing';
  if (!isSignedIn && !canSignIn) return nothing;
  const name = isSignedIn ? nameOf(user) : undefined;
  return html`
    <div class="account card" part="account">
      ${name === undefined ? nothing : html`<span class="name" title=${words.signedInAs(name)}>${name}</span>`}
      <button
        type="button"
        class="button ${isSignedIn ? '' : 'primary'}"
        ?disabled=${state === 'authenticating'}
        @click=${isSignedIn ? onSignOut : onSignIn}
      >
        ${isSignedIn ? words.signOut : words.signIn}
      </button>
    </div>
  `;
};
