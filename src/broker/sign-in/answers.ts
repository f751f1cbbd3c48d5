import {json as jsonAnswer} from '../answer.js';

/** On every answer: none of them may be kept by anybody, framed, or told to others as a referrer. */
const COMMON = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

type Extra = Readonly<Record<string, string>>;

const withCookies = (response: Response, cookies: readonly string[]): Response => {
  for (const cookie of cookies) response.headers.append('set-cookie', cookie);
  return response;
};

const answer = (body: string | null, status: number, headers: Extra, cookies: readonly string[]): Response =>
  withCookies(new Response(body, {status, headers: {...COMMON, ...headers}}), cookies);

export const json = (status: number, body: object, cookies: readonly string[] = [], headers: Extra = {}): Response =>
  withCookies(jsonAnswer(status, body, {...COMMON, ...headers}), cookies);

export const empty = (cookies: readonly string[]): Response => answer(null, 204, {}, cookies);

/** 303, so that a POST is not sent again. */
export const redirect = (location: string, cookies: readonly string[] = []): Response =>
  answer(null, 303, {location}, cookies);

const escape = (text: string): string =>
  text.replace(/[&<>"']/gu, (character) => `&#${character.codePointAt(0) ?? 0};`);

/** A page for a visitor whose sign-in did not work: what happened, and where to try again. */
export const page = (status: number, text: string, again: string, cookies: readonly string[] = []): Response =>
  answer(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Sign-in</title>`
      + `<h1>Sign-in</h1><p>${escape(text)}</p><p><a href="${escape(again)}">Try again</a></p></html>`,
    status,
    {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    },
    cookies,
  );
