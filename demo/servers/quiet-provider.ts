import type * as OidcProvider from 'oidc-provider';

/**
 * oidc-provider warns at import time when the runtime is older than the
 * release it is tested on. The demo passes its tests there too, so exactly
 * this one line is kept off the visitor's console.
 */
export async function importProvider(): Promise<typeof OidcProvider> {
  const {warn} = console;
  console.warn = (...parts: unknown[]) => {
    if (!String(parts[0]).includes('oidc-provider WARNING: Unsupported runtime')) warn.apply(console, parts);
  };
  try {
    return await import('oidc-provider');
  } finally {
    console.warn = warn;
  }
}
