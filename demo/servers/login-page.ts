import {ACCOUNTS} from './accounts.js';

/** The pages a visitor sees at the sign-in server: sign in, sign out, error. No script at all. */
export interface LoginPage {
  readonly action: string;
  readonly userName?: string;
  readonly error?: string;
}

export function signInHeaders(pageOrigin: string): Record<string, string> {
  return {
    'content-type': 'text/html; charset=utf-8',
    // Browsers hold `form-action` against the redirects that follow the form, so the page's origin belongs to it.
    'content-security-policy': `default-src 'none'; style-src 'self'; form-action 'self' ${pageOrigin}; base-uri 'none'; frame-ancestors 'none'`,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}

export function renderLogin({action, userName = '', error}: LoginPage): string {
  // Named by the fields it concerns, so that it is read out with them.
  const invalid = error === undefined ? '' : ' aria-invalid="true" aria-describedby="error"';
  const alert = error === undefined ? '' : `<p class="alert" id="error" role="alert">${escapeHtml(error)}</p>`;
  const accounts = ACCOUNTS.map(({id, hint}) => `<li><code>${id}</code> <span>${hint}</span></li>`).join('');
  return renderShell(
    'Sign in',
    `<p class="lead">to continue to <strong>Map viewer</strong></p>
      ${alert}
      <form method="post" action="${escapeHtml(action)}">
        <label for="name">User name</label>
        <input id="name" name="name" value="${escapeHtml(userName)}" autocomplete="username" autocapitalize="none" spellcheck="false" required${userName === '' ? ' autofocus' : ''}${invalid}>
        <label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required${userName === '' ? '' : ' autofocus'}${invalid}>
        <button class="primary" name="answer" value="sign-in">Sign in</button>
        <button class="plain" name="answer" value="cancel" formnovalidate>Cancel</button>
      </form>
      <section class="accounts" aria-labelledby="accounts">
        <h2 id="accounts">Demo accounts</h2>
        <p>The password is the same as the name.</p>
        <ul>${accounts}</ul>
      </section>`,
  );
}

/** `form` is the provider's own: it holds the protection against forged requests. */
export function renderLogout(form: string): string {
  return renderShell(
    'Sign out',
    `<p class="lead">Do you want to end your session here as well?</p>
      ${form}
      <button class="primary" form="op.logoutForm" name="logout" value="yes" autofocus>Sign out</button>
      <button class="plain" form="op.logoutForm">Stay signed in</button>`,
  );
}

export function renderSignedOut(): string {
  return renderShell('Signed out', '<p class="lead">You can close this page.</p>');
}

export function renderFailure(reason: string): string {
  return renderShell('Sign-in failed', `<p class="alert" role="alert">${escapeHtml(reason)}</p>`);
}

function renderShell(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${title} · Demo sign-in</title>
    <link rel="stylesheet" href="/sign-in.css">
  </head>
  <body>
    <main>
      <p class="brand"><span aria-hidden="true"></span>Demo sign-in</p>
      <h1>${title}</h1>
      ${content}
    </main>
  </body>
</html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
