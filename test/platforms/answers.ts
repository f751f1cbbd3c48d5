import type {BrowserContext} from '@playwright/test';
import type {Places} from '../e2e/support/scan.js';

/** Keeps every answer that reaches the browser, with its address and headers. Begin before the first page. */
export const keepAnswers = (context: BrowserContext): (() => Promise<Places>) => {
  const answers: Promise<string>[] = [];
  context.on('response', (response) => {
    const head = JSON.stringify([response.url(), response.headers()]);
    const body = response.body().catch(() => Buffer.alloc(0));
    answers.push(body.then((bytes) => `${head}\n${bytes.toString('latin1')}`));
  });
  return async () =>
    Object.fromEntries((await Promise.all(answers)).map((answer, index) => [`answer ${index + 1}`, answer]));
};
