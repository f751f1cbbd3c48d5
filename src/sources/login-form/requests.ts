import type {LoginForm} from '../../credentials/credential.js';

/** How a user name and password travel to a service, once. */
export interface LoginRequest {
  readonly toInit: (form: LoginForm) => RequestInit;
}

/** RFC 7617 §2: in UTF-8. A colon would end the user name. */
const basic = ({username, password}: LoginForm): string =>
  `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${username}:${password}`)))}`;

export const requests = {
  /** A form as JSON, answered with `{token}`. */
  json: {
    toInit: ({username, password}) => ({
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify({username, password}),
    }),
  },
  /** A token service behind HTTP Basic, answered with `{access_token, session?, username?}`. */
  basic: {
    toInit: (form) => ({headers: {authorization: basic(form)}}),
  },
} satisfies Record<string, LoginRequest>;

export type LoginKind = keyof typeof requests;
